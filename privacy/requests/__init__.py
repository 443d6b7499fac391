from .intake import receive

__all__ = ["receive"]
