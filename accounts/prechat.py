"""What a site asks before the first message: the questions an admin writes, and how answers to them are read. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict
from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.languages import check_texts, said_in
from common.errors import InvalidInput

# Unicode's categories of control and format characters, and of halves of one.
HIDDEN = ("Cc", "Cf", "Cs")
MAX_NAME = 120
MAX_EMAIL = 254
MAX_ANSWER = 500
MAX_LABEL = 120
OWN_QUESTIONS = 5
CHOICES = 20
KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
# These two are about the person, and are asked once at most.
OF_THE_PERSON = ("name", "email")
KINDS = (*OF_THE_PERSON, "text", "choice")
FIELDS = {"kind", "key", "required", "label", "choices"}

Texts = dict[str, str]


class Choice(TypedDict):
    key: str
    label: Texts


class Question(TypedDict):
    """`key` of a name or e-mail is its kind; without a label, we say what it is."""

    kind: str
    key: NotRequired[str]
    required: NotRequired[bool]
    label: NotRequired[Texts]
    choices: NotRequired[list[Choice]]


class Answer(TypedDict):
    """As whoever reads it is told: in the organisation's language, as it was asked then."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """`name` and `email` are empty where they were not asked, or not told."""

    name: str = ""
    email: str = ""
    answers: list[Answer] = field(default_factory=list)


def key_of(question: Question) -> str:
    return question.get("key") or question["kind"]


def one_line(text: str) -> str:
    """As people may see it: without characters that hide or turn text."""
    visible = "".join(c for c in text if c.isspace() or category(c) not in HIDDEN)
    return " ".join(visible.split())


# --- answers --------------------------------------------------------------------------------------------------------


def read_answers(
    questions: list[Question], given: Mapping[str, str], *, known: Collection[str], locale: str
) -> Introduction:
    """What is `known` of the person is not asked, and not changed. InvalidInput names each `prechat.<key>`."""
    asked = [one for one in questions if key_of(one) not in known]
    answers = {key_of(one): one_line(given.get(key_of(one), "")) for one in asked}
    problems = {f"prechat.{key_of(one)}": _problem(one, answers[key_of(one)]) for one in asked}
    wrong = {name: [problem] for name, problem in problems.items() if problem}
    if wrong:
        raise InvalidInput(fields=wrong)
    own = [one for one in asked if one["kind"] not in OF_THE_PERSON and answers[key_of(one)]]
    told = [_answer(one, answers[key_of(one)], locale) for one in own]
    return Introduction(answers.get("name", ""), answers.get("email", ""), told)


def _problem(question: Question, answer: str) -> str:
    if not answer:
        return "This field may not be blank." if question.get("required") else ""
    most = {"name": MAX_NAME, "email": MAX_EMAIL}.get(question["kind"], MAX_ANSWER)
    if len(answer) > most:
        return f"Ensure this field has no more than {most} characters."
    if question["kind"] == "choice" and answer not in [one["key"] for one in question["choices"]]:
        return "This is not one of the choices."
    if question["kind"] == "email" and not _is_email(answer):
        return "Enter a valid email address."
    return ""


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _answer(question: Question, answer: str, locale: str) -> Answer:
    chosen = next((one for one in question.get("choices", []) if one["key"] == answer), None)
    text = said_in(locale, chosen["label"]) if chosen else answer
    return {"key": key_of(question), "label": said_in(locale, question.get("label", {})), "text": text}


# --- what an admin writes -------------------------------------------------------------------------------------------


def check_prechat(questions: object) -> None:
    """[{"kind": "name", "required": true}, {"kind": "text", "key": "room", "label": {"en": "Your room"}}, …]"""
    if not isinstance(questions, list):
        raise ValidationError("Write a list of questions.")
    for number, question in enumerate(questions, 1):
        problem = _wrong_with(question)
        if problem:
            raise ValidationError(f"Question {number}: {problem}")
    keys = [key_of(one) for one in questions]
    if len(set(keys)) < len(keys):
        raise ValidationError("Two questions have the same key, or ask the same of the person.")
    if len([one for one in questions if one["kind"] not in OF_THE_PERSON]) > OWN_QUESTIONS:
        raise ValidationError(f"Ask at most {OWN_QUESTIONS} questions of your own.")


def _wrong_with(question: Any) -> str:
    if not isinstance(question, dict) or question.get("kind") not in KINDS:
        return f"write an object with a kind: {', '.join(KINDS)}."
    if set(question) - FIELDS:
        return f"write only {', '.join(sorted(FIELDS))}."
    if not isinstance(question.get("required", False), bool):
        return "required is true or false."
    if question["kind"] in OF_THE_PERSON:
        return _wrong_with_label(question.get("label", {})) or _not_to_be_there(question, "key", "choices")
    key = question.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key) or key in OF_THE_PERSON:
        return "it needs a key of a-z, 0-9, _ and -, which is not name or email."
    return _wrong_with_label(question.get("label"), is_needed=True) or _wrong_with_choices(question)


def _wrong_with_choices(question: dict[str, Any]) -> str:
    if question["kind"] != "choice":
        return _not_to_be_there(question, "choices")
    choices = question.get("choices")
    if not isinstance(choices, list) or not 0 < len(choices) <= CHOICES:
        return f"write 1 to {CHOICES} choices."
    for one in choices:
        if not isinstance(one, dict) or set(one) != {"key", "label"}:
            return "write each choice as an object of key and label."
        if not isinstance(one["key"], str) or not KEY.fullmatch(one["key"]):
            return "the key of a choice is of a-z, 0-9, _ and -."
        if problem := _wrong_with_label(one["label"], is_needed=True):
            return problem
    return "two choices have the same key." if len({one["key"] for one in choices}) < len(choices) else ""


def _wrong_with_label(label: object, *, is_needed: bool = False) -> str:
    try:
        check_texts(label, most=MAX_LABEL)
    except ValidationError as error:
        return f"its label: {error.message}"
    is_empty = not any(label.values() if isinstance(label, dict) else ())
    return "its label says nothing in any language." if is_needed and is_empty else ""


def _not_to_be_there(question: dict[str, Any], *names: str) -> str:
    return next((f"a {question['kind']} has no {name}." for name in names if name in question), "")
