from routing.models.offer import Offer
from routing.models.sla_policy import SlaPolicy

__all__ = ["Offer", "SlaPolicy"]
