"""REST: customers, through the same doors as the screens."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError as ModelError
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agents.enums import Permission
from agents.models import Agent
from customers.domain.access import access_customer, visible_customers
from customers.domain.consent import standing
from customers.domain.edit import EDITABLE, change_customer
from customers.domain.identify import identify
from customers.domain.search import Place, find_customers
from customers.enums import IdentityKind
from customers.errors import AddressUnusable, NoSuchCustomer
from customers.models import Consent, Customer, Identity
from foundation.paging import FoundPage, NewestFirst, Search

EVERYTHING = ("identities", "consents", "merged__identities", "merged__consents")
SEARCH = OpenApiParameter("search", str, description="Words, parts of words, addresses or numbers")


class IdentitySerializer(serializers.ModelSerializer[Identity]):
    address = serializers.CharField(source="shown")

    class Meta:
        model = Identity
        fields = ["id", "kind", "address", "verified_at", "verified_by", "bounced_at", "blocked_at"]


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    class Meta:
        model = Consent
        fields = ["channel", "purpose", "granted", "since", "source"]


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """Of the root of merged customers, with the addresses and consents of all of them."""

    identities = serializers.SerializerMethodField()
    consents = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["id", "created_at", *EDITABLE, "name_source", "merged_into", "identities", "consents"]
        read_only_fields = ["id", "created_at", "name_source", "merged_into"]

    @extend_schema_field(IdentitySerializer(many=True))
    def get_identities(self, customer: Customer) -> Any:
        return IdentitySerializer([row for one in _all_of(customer) for row in one.identities.all()], many=True).data

    @extend_schema_field(ConsentSerializer(many=True))
    def get_consents(self, customer: Customer) -> Any:
        return ConsentSerializer(
            standing(row for one in _all_of(customer) for row in one.consents.all()), many=True
        ).data


def _all_of(customer: Customer) -> list[Customer]:
    return [customer, *customer.merged.all()]


class NewCustomerSerializer(serializers.Serializer[Any]):
    """An address; whoever has it already is answered instead of a second customer."""

    kind = serializers.ChoiceField(choices=IdentityKind.choices, default=IdentityKind.EMAIL)
    address = serializers.CharField(max_length=320)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    language = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")


@extend_schema_view(list=extend_schema(parameters=[SEARCH]))
class CustomerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Customer]):
    """Customers with their addresses and consents."""

    serializer_class = CustomerSerializer
    queryset = Customer.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"

    @property
    def agent(self) -> Agent:
        return cast("Agent", self.request.user)

    def get_queryset(self) -> QuerySet[Customer]:
        if not isinstance(self.request.user, Agent):  # the schema is drawn without anybody asking
            return Customer.objects.none()
        customers = visible_customers(self.agent).prefetch_related(*EVERYTHING)
        return customers.filter(merged_into=None) if self.action == "list" else customers

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first. With `search`: who begins with what is looked for, then who has it anywhere."""
        words = request.query_params.get("search", "").strip()
        if not words:
            return super().list(request, *args, **kwargs)
        rows = cast("NewestFirst", self.paginator).paginate_found(self._search(words), request)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def _search(self, words: str) -> Search:
        visible = self.get_queryset()

        def search(place: str, size: int) -> FoundPage:
            found = find_customers(words, before=Place.parse(place) if place else None, size=size)
            rows = visible.in_bulk([one.id for one in found.places])
            return FoundPage(
                [rows[one.id] for one in found.places if one.id in rows],
                found.count if visible.exists() else 0,
                str(found.places[-1]) if found.more else "",
            )

        return search

    @extend_schema(request=NewCustomerSerializer, responses={200: CustomerSerializer, 201: CustomerSerializer})
    def create(self, request: Request) -> Response:
        """Identify a customer by an address, making a new one when nobody has it."""
        if not self.agent.may(Permission.EDIT_CUSTOMERS):
            raise PermissionDenied
        given = NewCustomerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        try:
            found = identify(IdentityKind(data["kind"]), data["address"], name=data["name"], language=data["language"])
        except AddressUnusable as error:
            raise ValidationError({"address": str(error)}) from error
        answer = status.HTTP_201_CREATED if found.created else status.HTTP_200_OK
        return Response(self.get_serializer(found.customer).data, status=answer)

    def partial_update(self, request: Request, **_: str) -> Response:
        """Correct fields of a customer."""
        try:
            customer = access_customer(self.agent, self.get_object().pk, edit=True)
        except NoSuchCustomer as error:
            raise NotFound from error
        given = self.get_serializer(customer, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        try:
            changed = change_customer(customer.pk, given.validated_data, agent=self.agent.pk, why="API")
        except ModelError as error:
            raise ValidationError(error.messages) from error
        return Response(self.get_serializer(changed).data)
