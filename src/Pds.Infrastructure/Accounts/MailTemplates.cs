using System.Net;
using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Factors;

namespace Pds.Infrastructure.Accounts;

/// <summary>Plain words, the same as text and as HTML.</summary>
internal sealed class MailTemplates : IMailTemplates
{
    private const string NotYou = "If it was not you, change your password and look at what your account's security settings say.";

    public MailContent Compose(EmailTokenPurpose purpose, MailFacts facts)
    {
        Words words = WordsFor(purpose, facts);
        return new MailContent(words.Subject, Text(words, facts), Html(words, facts));
    }

    public MailContent Compose(FactorNotice notice, FactorNoticeFacts facts)
    {
        string what = WhatHappened(notice, facts);
        return new MailContent(
            "Sign In Settings Changed",
            $"{what}\n\n{NotYou}\n\n-- \n{facts.ServerName}\n",
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Sign In Settings Changed</title></head>
            <body style="font-family: sans-serif; max-width: 36em; margin: 2em auto; line-height: 1.5">
            <p>{Encode(what)}</p>
            <p>{NotYou}</p>
            <p style="color: #666">{Encode(facts.ServerName)}</p>
            </body>
            </html>

            """);
    }

    private static string WhatHappened(FactorNotice notice, FactorNoticeFacts facts) => notice switch
    {
        FactorNotice.AuthenticatorAdded => $"An authenticator app was set up for the account {facts.Handle}. Signing in with the password needs its codes from now on.",
        FactorNotice.AuthenticatorRemoved => $"The authenticator app of the account {facts.Handle} was turned off. Signing in with the password needs no codes of it any more.",
        FactorNotice.RecoveryCodesRenewed => $"New recovery codes were made for the account {facts.Handle}. Those before do not work any more.",
        FactorNotice.RecoveryCodeUsed => $"Somebody signed in to the account {facts.Handle} with the password and one of its recovery codes.",
        FactorNotice.PasskeyAdded => $"A passkey was added to the account {facts.Handle}: {facts.Detail}. It signs in without a password.",
        FactorNotice.PasskeyRemoved => $"A passkey was removed from the account {facts.Handle}: {facts.Detail}.",
        FactorNotice.Reset => $"The operator of the server has removed the authenticator app, the recovery codes and the passkeys of the account {facts.Handle}, and turned off codes by e-mail. The password alone signs in now.",
        _ => throw new ArgumentOutOfRangeException(nameof(notice)),
    };

    private static Words WordsFor(EmailTokenPurpose purpose, MailFacts facts) => purpose switch
    {
        EmailTokenPurpose.ConfirmEmail => new(
            "Email Confirmation",
            $"Please confirm that this is the e-mail address of the account {facts.Handle}.",
            "To confirm it, enter this code",
            "If you know nothing of such an account, ignore this mail."),
        EmailTokenPurpose.UpdateEmail => new(
            "Email Update Requested",
            $"Somebody, most likely you, wants to change the e-mail address of the account {facts.Handle}, or how to sign in to it.",
            "To allow it, enter this code",
            "If it was not you, ignore this mail and change your password."),
        EmailTokenPurpose.ResetPassword => new(
            "Password Reset Requested",
            $"Somebody, most likely you, asked for a new password for the account {facts.Handle}.",
            "To choose one, enter this code",
            "If it was not you, ignore this mail: your password stays as it is."),
        EmailTokenPurpose.DeleteAccount => new(
            "Account Deletion Requested",
            $"Somebody, most likely you, asked to delete the account {facts.Handle}. Everything it holds on this server will be gone for good.",
            "To delete it, enter this code",
            "If it was not you, ignore this mail and change your password."),
        EmailTokenPurpose.PlcOperation => new(
            "PLC Update Operation Requested",
            $"Somebody, most likely you, asked to change the identity of the account {facts.Handle}, for example to move it to another server. Who can do that can take the account.",
            "To allow it, enter this code",
            "If it was not you, tell nobody the code and change your password."),
        EmailTokenPurpose.SignIn => new(
            "Sign In Code",
            $"Somebody, most likely you, is signing in to the account {facts.Handle} with the right password.",
            "To go on, enter this code",
            "If it was not you, tell nobody the code and change your password: somebody else knows it."),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    private static string Minutes() => $"{EmailToken.Lifetime.TotalMinutes:0} minutes";

    private static string Text(Words words, MailFacts facts)
    {
        StringBuilder text = new();
        text.Append(words.What).Append("\n\n").Append(words.Instruction).Append(" within ").Append(Minutes()).Append(":\n\n    ").Append(facts.Token).Append("\n\n");
        if (facts.Link is { } link)
        {
            text.Append("Or open this page:\n\n").Append(link.AbsoluteUri).Append("\n\n");
        }

        return text.Append(words.Otherwise).Append("\n\n-- \n").Append(facts.ServerName).Append('\n').ToString();
    }

    private static string Html(Words words, MailFacts facts)
    {
        string link = facts.Link is { } page ? $"<p>Or <a href=\"{Encode(page.AbsoluteUri)}\">confirm it by a click</a>.</p>\n" : "";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>{Encode(words.Subject)}</title></head>
            <body style="font-family: sans-serif; max-width: 36em; margin: 2em auto; line-height: 1.5">
            <p>{Encode(words.What)}</p>
            <p>{Encode(words.Instruction)} within {Minutes()}:</p>
            <p style="font: bold 1.5em monospace; letter-spacing: 0.1em">{Encode(facts.Token)}</p>
            {link}<p>{Encode(words.Otherwise)}</p>
            <p style="color: #666">{Encode(facts.ServerName)}</p>
            </body>
            </html>

            """;
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private sealed record Words(string Subject, string What, string Instruction, string Otherwise);
}
