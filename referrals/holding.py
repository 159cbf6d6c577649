"""Which clock runs in a state, and who has to act in it. Pure, beside the machine."""

from typing import Final

from .choices import Clock, Side, Status

S = Status

# Which clock runs in a state. in_care runs none until the way back.
CLOCKS: Final[dict[Status, Clock]] = {
    S.DRAFT: Clock.DRAFT,
    S.ORIGIN_REVIEW: Clock.ORIGIN_REVIEW,
    S.PENDING: Clock.DECISION,
    S.INFO_REQUESTED: Clock.ANSWER,
    S.RETURNED: Clock.ANSWER,
    S.ACCEPTED: Clock.RESERVE,
    S.RESERVED: Clock.VALIDITY,
    S.IN_TRANSIT: Clock.ARRIVAL,
    S.NO_SHOW: Clock.CONTACT,
    S.ARRIVED: Clock.FIRST_TREATMENT,
    S.CARE_DONE: Clock.REPLY_LETTER,
    S.BACK_REFERRED: Clock.TAKE_OVER,
}

# Who has to act in a state; back_referred is held by the receiver of the way back.
HOLDERS: Final[dict[Status, Side]] = {
    S.DRAFT: Side.SENDER,
    S.ORIGIN_REVIEW: Side.SENDER,
    S.PENDING: Side.RECEIVER,
    S.INFO_REQUESTED: Side.SENDER,
    S.RETURNED: Side.SENDER,
    S.ACCEPTED: Side.RECEIVER,
    S.RESERVED: Side.SENDER,
    S.IN_TRANSIT: Side.SENDER,
    S.NO_SHOW: Side.SENDER,
    S.ARRIVED: Side.RECEIVER,
    S.IN_CARE: Side.RECEIVER,
    S.CARE_DONE: Side.RECEIVER,
    S.BACK_REFERRED: Side.SENDER,
}

# Clocks of desks and offices, which rest when the house is closed. All others are about the patient
# and run around the clock.
OFFICE_CLOCKS: Final = frozenset(
    {Clock.ORIGIN_REVIEW, Clock.DECISION, Clock.ANSWER, Clock.RESERVE, Clock.REPLY_LETTER}
)
