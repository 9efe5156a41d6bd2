from rest_framework.routers import SimpleRouter

from customers.api.customers import CustomerViewSet
from customers.api.merges import MergeViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet, basename="customer")
router.register("merges", MergeViewSet, basename="merge")

urlpatterns = router.urls
