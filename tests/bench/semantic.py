"""Give the look-up bench the optional model of meaning, asked at once and waited for."""

from bot.semantic.encoders import BUNDLED, NoEncoder, load_encoder
from kb.objections.scoring import Weights
from kb.objections.search import CardIndex
from kb.objections.semantic.embedding_compare import Comparer
from kb.objections.semantic.meaning import Encoder
from kb.objections.semantic.semantic_index import SemanticIndex


def model(source: str = BUNDLED, prefix: str = "") -> Encoder:
    """Load the model, or end the program saying what is missing."""
    try:
        return load_encoder(source, prefix)
    except NoEncoder as error:
        raise SystemExit(f"--semantic: {error}") from None


def advised(index: CardIndex, encoder: Encoder, weights: Weights | None = None) -> SemanticIndex:
    """Return the index with a second opinion that is always there."""
    comparer, cards = Comparer(encoder), index.cards()
    if unread := comparer.list_unread(cards):
        comparer.read(unread)
    vectors = comparer.place(cards)
    return SemanticIndex(index, lambda texts: comparer.compare(vectors, texts), weights)
