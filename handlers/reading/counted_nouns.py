"""The nouns that make a number a count: "10 seats" is neither an amount nor an hour."""

from __future__ import annotations

_ENGLISH = (
    r"seats?|users?|people|persons?|employees|staff|heads?|licen[cs]es?|units?|pcs|pieces|boxes|"
    r"pallets|times?|calls?|visits?|meetings?|demos?|leads?|deals|customers?|clients?|contacts?|"
    r"companies|sites?|stores?|shops?|offices?|rooms?|teams?|members?|agents?|reps?|devices?|"
    r"servers?|machines?|cars?|trucks?|vans?|points?|items?|pages?|lines?|copies|orders|"
    r"offers|quotes|questions?|reasons?|options?|percent|pct|km|kg|miles?|meters?|metres?|"
    r"minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|followers|downloads|views|"
    r"students|children|kids|locations?|branches|countries|floors?|gb|mb|tb"
)
_CHINESE = (
    r"个|人|台|套|次|家|位|名|用户|席|件|份|辆|张|条|栋|间|层|楼|平米|平方|公里|米|公斤|吨|"
    r"箱|盒|瓶|遍|岁|倍|折|成|粉丝|小时|分钟|天|周|月|年|号|点|夜|种|别|火急|多个"
)

COUNTED = rf"\s{{0,2}}-?(?:(?:more|new|extra|other|paid)\s)?(?:(?:{_ENGLISH})(?![a-z])|{_CHINESE})"
NOT_COUNTED = rf"(?!{COUNTED})"
