from customers.models.consent import Consent
from customers.models.customer import Customer
from customers.models.identity import Identity
from customers.models.organisation import Organisation, Unit

__all__ = ["Consent", "Customer", "Identity", "Organisation", "Unit"]
