"""Customers who write and answer: which mail comes next, and to which case each answer must come."""

from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.mails import Sent, Writers
from channels_email.domain.message_ids import own_message_id
from channels_email.domain.reply_address import reply_address
from channels_email.models import RawEmail
from foundation import clock
from interactions.domain.status import set_status
from interactions.enums import CaseStatus
from interactions.models import Case, Delivery, Message

ADDRESS = "support@shop.example"
UNKNOWN = "<never.seen@outlook.example>"
WAYS = ("reply address", "our Message-ID", "References only")


@dataclass(frozen=True)
class Mail:
    """What is sent next; `case` is where an answer must come to, None for a new mail."""

    sent: Sent
    case: UUID | None = None


@dataclass
class Correspondence:
    """All mails of one seed are distinct."""

    seed: int
    begun: dict[UUID, Sent] = field(default_factory=dict)  # the mails that began these cases
    taken_in: list[tuple[UUID, Mail]] = field(default_factory=list)  # raw mails in their order

    def __post_init__(self) -> None:
        self.writers = Writers(self.seed, ADDRESS)

    def new(self, count: int) -> list[Mail]:
        return [Mail(self.writers.new()) for _ in range(count)]

    def mixed(self, count: int) -> list[Mail]:
        """Three of ten answer a case that is there already, in each of the three ways as often."""
        answered = self.writers.chance.sample(sorted(self.begun), count * 3 // 10)
        mails = [self._answer(case, WAYS[place % len(WAYS)]) for place, case in enumerate(answered)]
        mails += self.new(count - len(mails))
        self.writers.chance.shuffle(mails)
        return mails

    def note(self, raws: list[UUID], mails: list[Mail]) -> None:
        """These have been taken in; later ones may answer them."""
        became = dict(RawEmail.objects.filter(pk__in=raws).values_list("pk", "case"))
        self.taken_in += zip(raws, mails, strict=True)
        self.begun |= {
            case: mail.sent
            for raw, mail in zip(raws, mails, strict=True)
            if mail.case is None and (case := became[raw]) is not None
        }

    def answers_placed(self) -> tuple[int, int]:
        """How many answers came to their case, and how many there were."""
        expected = {raw: mail.case for raw, mail in self.taken_in if mail.case is not None}
        became = dict(RawEmail.objects.filter(pk__in=expected).values_list("pk", "case"))
        return sum(became[raw] == case for raw, case in expected.items()), len(expected)

    def _answer(self, case_id: UUID, way: str) -> Mail:
        first, case = self.begun[case_id], Case.objects.get(pk=case_id)
        if way == "reply address":
            return Mail(self.writers.answer(reply_address(case.number, ADDRESS), first), case_id)
        if way == "our Message-ID":
            ours = f"<{own_message_id(_answered_by_us(case).pk, case.number, 'shop.example')}>"
            return Mail(self.writers.answer(ADDRESS, first, in_reply_to=ours, references=[ours]), case_id)
        references = [first.message_id, UNKNOWN]
        return Mail(self.writers.answer(ADDRESS, first, in_reply_to=UNKNOWN, references=references), case_id)


def _answered_by_us(case: Case) -> Delivery:
    """An answer of ours, as it stands when it was sent."""
    said = Message.objects.create(case=case, channel="email", direction="out", party="agent", text="Tomorrow.")
    set_status(case.pk, CaseStatus.WAITING_CUSTOMER)
    return Delivery.objects.create(message=said, case=case, channel="email", state="sent", due_at=clock.now())
