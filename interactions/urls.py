from rest_framework.routers import SimpleRouter

from interactions.api.views import CaseViewSet, InteractionViewSet, MessageViewSet

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("interactions", InteractionViewSet, basename="interaction")
router.register("messages", MessageViewSet, basename="message")

urlpatterns = router.urls
