from customers.models.claim import Claim
from customers.models.consent import Consent
from customers.models.customer import Customer
from customers.models.customer_import import CustomerImport, ImportAddress, ImportRow
from customers.models.identity import Identity
from customers.models.merge import Merge
from customers.models.organisation import Organisation, Unit
from customers.models.search_key import SearchKey

__all__ = [
    "Claim",
    "Consent",
    "Customer",
    "CustomerImport",
    "Identity",
    "ImportAddress",
    "ImportRow",
    "Merge",
    "Organisation",
    "SearchKey",
    "Unit",
]
