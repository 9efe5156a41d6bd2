from django.urls import path

from brands import views

urlpatterns = [path("brands/<uuid:brand>/logo", views.logo, name="brand_logo")]
