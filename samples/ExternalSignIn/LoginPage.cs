using System.Net;

namespace ExternalSignIn;

/// <summary>Stands for the page of whoever signs people in.</summary>
internal static class LoginPage
{
    public static string For(string returnUrl) => $"""
        <!doctype html>
        <title>Staff</title>
        <h1>Staff</h1>
        <form method="post" action="/login">
          <input type="hidden" name="returnUrl" value="{WebUtility.HtmlEncode(returnUrl)}">
          <button name="name" value="sam">I am Sam</button>
          <button name="name" value="kim">I am Kim</button>
        </form>
        """;
}
