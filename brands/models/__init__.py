from brands.models.brand import Brand, BrandHost, BrandPhone, Way

__all__ = ["Brand", "BrandHost", "BrandPhone", "Way"]
