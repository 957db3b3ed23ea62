"""The methods files.*: an upload announced, sent, and shared; and oauth.v2.access.

https://docs.slack.dev/messaging/working-with-files/#upload
"""

from __future__ import annotations

import copy

from tests.fakes.slackapi.calls import Call
from tests.fakes.slackapi.chat import by_app
from tests.fakes.slackapi.content import TEXT_POSTED, content
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.world import StoredFile, World

FILE_BYTES = 1024**3


def get_upload_url(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/files.getUploadURLExternal"""
    name, length = call.required("filename"), call.number("length")
    if not length:
        raise ApiError("invalid_arguments", "length must be greater than 0")
    if length > FILE_BYTES:
        raise ApiError("file_upload_size_restricted")
    file = StoredFile(world.new_id("F"), call.team.id, name, announced=length)
    world.files[file.id] = file
    return {"upload_url": f"{world.root_url}/upload/{file.id}", "file_id": file.id}


def complete_upload(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/files.completeUploadExternal"""
    listed = call.json("files")
    if not isinstance(listed, list) or not listed:
        raise ApiError("invalid_arguments", "missing required field: files")
    files = [_uploaded(world, call, item) for item in listed]
    told = [file_json(world, file) for file in files]
    if call.text("channel_id"):
        _share(world, call, told)
    return {"files": copy.deepcopy(told)}


def file_json(world: World, file: StoredFile) -> Json:
    """The file as messages and answers show it."""
    address = f"{world.root_url}/files-pri/{file.team_id}-{file.id}/{file.id}"
    suffix = file.name.rpartition(".")[2].lower() if "." in file.name else ""
    return {
        "id": file.id,
        "created": int(world.clock.now()),
        "timestamp": int(world.clock.now()),
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mime_type,
        "filetype": suffix,
        "mode": "hosted",
        "size": len(file.content or b""),
        "file_access": "visible",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
    }


def oauth_access(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/oauth.v2.access"""
    given = call.basic if call.basic[0] else (call.text("client_id"), call.text("client_secret"))
    if given[0] != world.app.client_id:
        raise ApiError("invalid_client_id")
    if given[1] != world.app.client_secret:
        raise ApiError("bad_client_secret")
    team_id, user_id = world.codes.pop(call.required("code"), ("", ""))
    if not team_id:
        raise ApiError("invalid_code")
    team = world.workspaces[team_id]
    team.state = "active"
    return {
        "app_id": world.app.id,
        "authed_user": {"id": user_id},
        "scope": ",".join(sorted(team.scopes or ())),
        "token_type": "bot",
        "access_token": team.bot_token,
        "bot_user_id": team.bot_user_id,
        "team": None if team.org_wide else {"id": team.id, "name": team.name},
        "enterprise": team.enterprise,
        "is_enterprise_install": team.org_wide,
    }


def _uploaded(world: World, call: Call, item: Json) -> StoredFile:
    file = world.files.get(str(item.get("id", "")))
    if file is None or file.team_id != call.team.id:
        raise ApiError("file_not_found")
    if file.content is None or file.shared:
        raise ApiError("file_not_found" if file.shared else "file_update_failed")
    file.title, file.shared = str(item.get("title") or file.name), True
    return file


def _share(world: World, call: Call, told: list[Json]) -> None:
    channel = world.reachable(call.team, call.text("channel_id"))
    arguments = {"text": call.text("initial_comment"), "blocks": call.json("blocks")}
    words = content(world, arguments, TEXT_POSTED) if any(arguments.values()) else {"text": ""}
    thread = {"thread_ts": call.text("thread_ts")} if call.text("thread_ts") else {}
    raw = by_app(world, call) | {"subtype": "file_share", "files": told} | words | thread
    world.keep(call.method, world.post(channel, raw))
