from routing.models.offer import Offer

__all__ = ["Offer"]
