using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Pds.Domain.Accounts;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>One conversation with a mail server, for one mail.</summary>
internal sealed class SmtpSession(SmtpServer server, string clientName, RemoteCertificateValidationCallback? trust)
{
    private const int MaxQuotedLength = 200;
    private const int FirstPermanentError = 500;

    /// <summary>Hands a message over.</summary>
    /// <param name="message">The message, with one recipient.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    /// <exception cref="SmtpException">It was not taken.</exception>
    public async Task SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        using SmtpClient client = new()
        {
            LocalDomain = clientName,
            CheckCertificateRevocation = false, // would ask a third party for each mail
            ServerCertificateValidationCallback = trust ?? ((_, _, _, errors) => errors == SslPolicyErrors.None),
        };
        try
        {
            await ConnectAsync(client, cancellationToken);
            await SignInAsync(client, cancellationToken);
            await HandOverAsync(client, message, cancellationToken);
        }
        catch (SslHandshakeException exception)
        {
            throw new SmtpException($"The mail server {server} has no certificate for that name that can be trusted; look at the host and port in {server.Setting}.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException or SmtpProtocolException or ServiceNotConnectedException)
        {
            throw new SmtpException($"The connection to the mail server {server} failed; look at the scheme, host and port in {server.Setting}.", exception);
        }

        await SayGoodbyeAsync(client, cancellationToken);
    }

    private async Task ConnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            SecureSocketOptions security = server.IsTlsFromTheStart ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable;
            await client.ConnectAsync(server.Host, server.Port, security, cancellationToken);
        }
        catch (SmtpCommandException exception)
        {
            throw Refused("the connection, or to encrypt it", exception);
        }
        catch (SmtpProtocolException exception)
        {
            throw new SmtpException("What answers is not a mail server.", exception);
        }
    }

    private async Task SignInAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        if (server.Credentials is not { } credentials)
        {
            return;
        }

        if (!client.IsSecure && !IsLocal())
        {
            throw new SmtpException($"The mail server {server} offers no encryption, so user and password are not sent; write smtps:// and its port in {server.Setting}, or leave user and password out.");
        }

        try
        {
            await client.AuthenticateAsync(new NetworkCredential(credentials.User, credentials.Password), cancellationToken);
        }
        catch (NotSupportedException)
        {
            throw new SmtpException($"The mail server {server} takes no user and password, or not in a way that is known here; look at {server.Setting}.");
        }
        catch (AuthenticationException exception)
        {
            throw exception.InnerException switch
            {
                SmtpCommandException { StatusCode: < (SmtpStatusCode)FirstPermanentError } reply => Refused("to check user and password now", reply),
                SmtpCommandException reply => Refused($"user and password; look at {server.Setting}", reply),
                _ => new SmtpException($"Signing in to the mail server {server} failed; look at user and password in {server.Setting}.", exception),
            };
        }
    }

    private async Task HandOverAsync(SmtpClient client, MimeMessage message, CancellationToken cancellationToken)
    {
        FormatOptions format = FormatOptions.Default.Clone();
        format.International = EmailAddress.NeedsSmtpUtf8(message.To.Mailboxes.Single().Address);
        if (format.International && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
        {
            throw new SmtpException($"The mail server {server} does not deliver to addresses with letters beyond ASCII: it does not offer SMTPUTF8.")
            {
                Advice = "The mail could not be sent: the mail server of this service does not deliver to addresses with letters beyond ASCII. Use another address.",
            };
        }

        try
        {
            await client.SendAsync(format, message, cancellationToken);
        }
        catch (SmtpCommandException exception)
        {
            throw exception.ErrorCode switch
            {
                SmtpErrorCode.SenderNotAccepted => Refused($"the sender; look at the address that belongs to {server.Setting}", exception),
                SmtpErrorCode.RecipientNotAccepted => Refused("the recipient", exception),
                _ => Refused("the message", exception),
            };
        }
    }

    /// <summary>The message was taken; how the conversation ends changes nothing.</summary>
    private static async Task SayGoodbyeAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or SmtpProtocolException or SmtpCommandException or OperationCanceledException)
        {
            // nothing to save
        }
    }

    /// <summary>What the server said, for the log. Words with an <c>@</c> are addresses, which do not belong there.</summary>
    private static string Quote(string reply)
    {
        string text = string.Join(' ', reply.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Contains('@', StringComparison.Ordinal) ? "(address)" : word));
        string printable = new([.. text.Select(c => char.IsControl(c) ? '?' : c)]);
        return printable.Length > MaxQuotedLength ? printable[..MaxQuotedLength] : printable;
    }

    private SmtpException Refused(string what, SmtpCommandException reply) =>
        new($"The mail server {server} refuses {what}. It says: {Quote($"{(int)reply.StatusCode} {reply.Message}")}");

    private bool IsLocal() => server.Host == "localhost" || (IPAddress.TryParse(server.Host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
