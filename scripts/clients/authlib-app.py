"""A small app on Flask that signs people in with Authlib: ISSUER, PORT and CLIENT_SECRET say how.

Tokens are kept here and not in the cookie, as Authlib leaves to every app.
"""

import os
from secrets import token_urlsafe
from urllib.parse import urlencode

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, request, session

ISSUER = os.environ["ISSUER"]
PORT = int(os.environ["PORT"])
ORIGIN = f"http://127.0.0.1:{PORT}"

app = Flask(__name__)
app.secret_key = token_urlsafe()
doorstep = OAuth(app).register(
    "doorstep",
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_id="authlib",
    client_secret=os.environ["CLIENT_SECRET"],
    client_kwargs={
        "scope": "openid profile email offline_access",
        "code_challenge_method": "S256",
    },
)
kept = {}


@app.get("/")
def page():
    token = kept.get(session.get("id"))
    if not token:
        return doorstep.authorize_redirect(f"{ORIGIN}/back", prompt="consent")
    return {"claims": token["userinfo"], "person": doorstep.userinfo(token=token)}


@app.get("/vault")
def vault():
    wish = request.args["acr_values"]
    if kept.get(session.get("id"), {}).get("userinfo", {}).get("acr") == wish:
        return "The vault"
    session["to"] = "/vault?" + urlencode(request.args)
    return doorstep.authorize_redirect(f"{ORIGIN}/back", acr_values=wish)


@app.get("/back")
def back():
    token = doorstep.authorize_access_token()
    session["id"] = token_urlsafe()
    kept[session["id"]] = token
    return redirect(session.pop("to", "/"))


@app.get("/refresh")
def refresh():
    token = kept[session["id"]]
    fresh = doorstep.fetch_access_token(
        grant_type="refresh_token", refresh_token=token["refresh_token"]
    )
    token.update(fresh)
    return {"sub": doorstep.userinfo(token=fresh)["sub"]}


@app.get("/sign-out")
def sign_out():
    wish = {
        "id_token_hint": kept.pop(session.pop("id"))["id_token"],
        "post_logout_redirect_uri": f"{ORIGIN}/bye",
    }
    end = doorstep.load_server_metadata()["end_session_endpoint"]
    return redirect(f"{end}?{urlencode(wish)}")


@app.get("/bye")
def bye():
    return "Good bye"


app.run(host="127.0.0.1", port=PORT, threaded=True)
