from desktop.models.reading import Reading

__all__ = ["Reading"]
