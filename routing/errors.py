class OfferOver(Exception):
    """The offer is not open any more: it was answered, ran out, or what waited was taken care of otherwise."""
