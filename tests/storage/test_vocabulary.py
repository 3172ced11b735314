"""The shipped vocabulary: wide enough, and sound in itself."""

from collections import defaultdict

from commands.rules.matching.text import stems
from storage.catalog.services import vocabulary
from storage.records.vocabulary import Concept

CONCEPTS = vocabulary().concepts
BY_KEY = {concept.key: concept for concept in CONCEPTS}


def related(concept: Concept) -> set[str]:
    """What a concept is a kind or part of, at any distance, and itself."""
    found, todo = set(), [concept.key]
    while todo:
        key = todo.pop()
        if key not in found:
            found.add(key)
            todo.extend((*BY_KEY[key].broader, *BY_KEY[key].parts, *BY_KEY[key].excludes))
    return found


def test_there_are_more_than_300_concepts_in_all_areas_of_the_trade() -> None:
    assert len(CONCEPTS) >= 300
    assert len({concept.area for concept in CONCEPTS}) >= 10


def test_keys_are_unique() -> None:
    assert len(BY_KEY) == len(CONCEPTS)


def test_references_exist() -> None:
    for concept in CONCEPTS:
        for key in (*concept.broader, *concept.parts, *concept.context, *concept.excludes):
            assert key in BY_KEY, f"{concept.key} refers to {key}"


def test_nothing_is_broader_than_itself() -> None:
    for concept in CONCEPTS:
        level = set(concept.broader)
        for _ in CONCEPTS:
            assert concept.key not in level, concept.key
            level = {key for each in level for key in BY_KEY[each].broader}
            if not level:
                break


def test_compound_services_are_made_of_plain_ones() -> None:
    for concept in CONCEPTS:
        assert all(not BY_KEY[key].parts for key in concept.parts), concept.key
        assert not (concept.parts and concept.broader), f"{concept.key}: a compound is related by its parts"


def test_weights_are_shares() -> None:
    assert all(0 < concept.weight <= 1 for concept in CONCEPTS)


def test_a_brand_stands_for_one_thing_unless_marked() -> None:
    owners: defaultdict[str, list[Concept]] = defaultdict(list)
    for concept in CONCEPTS:
        for brand in concept.brands:
            owners[" ".join(stems(brand))].append(concept)
    shared = {" ".join(stems(brand)) for brand in vocabulary().shared_brands}
    twice = {
        brand: [each.key for each in concepts]
        for brand, concepts in owners.items()
        if len(concepts) > 1
        and brand not in shared
        and not all(related(a) & related(b) for a in concepts for b in concepts)
    }
    assert twice == {}


def test_every_phrase_says_something() -> None:
    for concept in CONCEPTS:
        for phrase in (concept.label, *concept.synonyms, *concept.acronyms, *concept.brands, *concept.hints):
            assert stems(phrase), f"{concept.key}: {phrase!r} has no word left"
