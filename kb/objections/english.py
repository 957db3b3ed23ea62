"""English words as they are typed: contractions, abbreviations, endings, and words of no weight."""

from collections.abc import Iterable
from functools import lru_cache

NEGATORS = frozenset(
    "not never without nobody nothing none neither nor hardly lack lacks lacking zero".split()
)

CONTRACTIONS = {
    **{w: w[:-2] + " not" for w in "isnt arent wasnt werent dont doesnt didnt".split()},
    **{w: w[:-2] + " not" for w in "hasnt havent hadnt wouldnt couldnt shouldnt neednt".split()},
    "cant": "can not",
    "cannot": "can not",
    "wont": "will not",
    "aint": "is not",
    "no": "not",
    "im": "i am",
    "ive": "i have",
    "youre": "you are",
    "theyre": "they are",
    "weve": "we have",
    "thats": "that is",
    "whats": "what is",
    "lets": "let us",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "dunno": "do not know",
    "nope": "not",
    "nah": "not",
}
_CREW = frozenset(
    "department team people staff guy guys person crew manager resource specialist".split()
)
_TAILS = {"s", "re", "ve", "ll", "d", "m"}

_SHORT_FORMS = """
0=not 2=too 4=for b4=before u=you ur=your r=are w=with wo=without n=and bc=because cuz=because
cos=because pls=please plz=please thx=thanks tks=thanks msg=message asap=soon eta=when
tmrw=tomorrow tmr=tomorrow tdy=today yr=year yrs=year mth=month mths=month mo=month
mthly=monthly wk=week wks=week qtr=quarter q1=quarter q2=quarter q3=quarter q4=quarter fy=year
eoy=year eom=month hr=hour hrs=hours mtg=meeting mtgs=meeting appt=appointment mgr=manager
mgmt=management mngr=manager dir=director vp=director ceo=boss cfo=finance cto=technology
coo=boss exec=boss dept=department acct=account accts=accounts fin=finance proc=procurement
procmt=procurement sec=security cust=customer custs=customers comp=competitor compet=competitor
comps=competitors vs=versus disc=discount disct=discount pmt=payment pmts=payments pymt=payment
inv=invoice po=order bdgt=budget amt=amount qty=quantity pct=percent exp=expensive
contr=contract agmt=agreement agrmt=agreement tc=terms tcs=terms neg=negotiate sys=system
sw=software app=software impl=implementation integ=integration integr=integration
int=integration apis=api reqs=requirements req=requirement docs=documents doc=document
info=information deets=details ref=reference refs=references mktg=marketing mkt=market
ops=operations hq=headquarters eng=engineering dev=development devs=developers tech=technical
poc=trial pilot=trial mgmnt=management emp=employees biz=business co=company corp=company
org=company svc=service svcs=services supp=support cs=support gtee=guarantee guar=guarantee
diff=different prob=problem probs=problems prio=priority pref=prefer decn=decision dm=decision
tbd=decide tbh=honestly fyi=information nvm=nothing idk=unknown rn=now ppl=people
ppt=presentation prez=presentation pres=presentation rec=recommend rly=really v=very gd=good
alt=alternative alts=alternatives avail=available max=maximum min=minimum approx=about
est=estimate yoy=year spec=specification temp=temporary
"""
SHORT_FORMS = dict(pair.split("=") for pair in _SHORT_FORMS.split())
PHRASES = {"roi": "return on investment", "tco": "total cost", "nda": "confidentiality agreement"}

FUNCTION_WORDS = frozenset(
    """
    a about all also am an and any anything are as at be because been being both but by can could
    did do does done each even ever for from get getting give go going got had has have he her here
    him his i if in into is it its itself just kind let like lot make many may me might much must my
    of on one only or other our ourselves please put really say says said see she should so some
    something still such take than thank thanks that the their them then there these they thing
    things this those though to told too us very want wants was way we well were what when where
    which while will with would yes yet you your yourself well hi hello hey dear ok okay tell
    know
    """.split()
)

_IRREGULAR = """
bought=buy buying=buy paid=pay paying=pay sent=send chose=choose chosen=choose choice=choose
thought=think thinking=think spoke=speak spoken=speak told=tell gave=give given=give went=go
saw=see seen=see took=take taken=take left=leave lost=lose losing=lose met=meet meeting=meeting
kept=keep felt=feel heard=hear held=hold ran=run spent=spend cheaper=cheap cheapest=cheap
lower=low lowest=low higher=high highest=high bigger=big biggest=big smaller=small faster=fast
slower=slow harder=hard easier=easy busier=busy later=later better=better best=better people=person
staff=staff men=person children=child offer=offer offered=offer competitor=competitor
competition=competitor competing=competitor decision=decide decisions=decide approval=approve
analysis=analyse renewal=renew cancellation=cancel pricing=price priced=price costly=cost
trying=try tried=try dying=die lying=lie tying=tie signed=sign signing=sign timing=timing
during=during nothing=nothing anything=anything something=something everything=everything
pricey=pricey bring=bring spring=spring string=string king=king thing=thing need=need
speed=speed feed=feed agreed=agree guaranteed=guarantee news=news always=always
does=do goes=go has=have business=business process=process access=access less=less loss=loss
address=address success=success discuss=discuss express=express
bus=bus plus=plus gas=gas this=this is=is was=was yes=yes us=us its=its as=as his=his
"""
IRREGULAR = dict(pair.split("=") for pair in _IRREGULAR.split())


def expand(word: str) -> list[str]:
    """Return the full words of one typed word: "can't" is can, not; "mtg" is meeting."""
    head, _, tail = word.partition("'")
    if tail == "t":
        return CONTRACTIONS.get(head + "t", f"{head.removesuffix('n')} not").split()
    if tail in _TAILS:
        return [head]
    plain = word.replace("'", "")
    full = PHRASES.get(plain) or CONTRACTIONS.get(plain) or SHORT_FORMS.get(plain, plain)
    return full.split()


def expand_all(pieces: Iterable[str]) -> list[str]:
    """Return the full words of all; "it" before people or a department is the trade."""
    words = [full for piece in pieces for full in expand(piece)]
    pairs = zip(words, [*words, ""][1:], strict=True)
    return ["informatics" if word == "it" and after in _CREW else word for word, after in pairs]


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return the word without its common endings; a light hand, since n-grams do the rest."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or not word.isascii():
        return word
    return _strip_ending(word)


def _strip_ending(word: str) -> str:
    for ending, least in (("ies", 5), ("ied", 5)):
        if word.endswith(ending) and len(word) >= least:
            return word[:-3] + "y"
    for ending in ("ing", "ed", "ly"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and any(vowel in base for vowel in "aeiouy"):
            return _undouble(base)
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return _drop_e(word[:-1])
    return _drop_e(word)


def _undouble(base: str) -> str:
    if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
        return base[:-1]
    return _drop_e(base)


def _drop_e(word: str) -> str:
    # "hiring" and "hire" meet at "hir": the stem need not be a word.
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
