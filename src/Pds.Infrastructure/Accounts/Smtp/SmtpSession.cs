using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Pds.Domain.Accounts;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>One conversation with a mail server, for one mail.</summary>
/// <remarks>Sources: RFC 5321, 3207 (STARTTLS), 4954 (AUTH), 6531 (SMTPUTF8), 8314 (implicit TLS).</remarks>
internal sealed class SmtpSession(SmtpServer server, string clientName, RemoteCertificateValidationCallback? trust)
{
    private const int LocalErrorFrom = 500;

    /// <summary>Hands a message over.</summary>
    /// <param name="recipient">The one recipient.</param>
    /// <param name="message">The message, its lines ending in CRLF.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SmtpException">It was not taken.</exception>
    public async Task SendAsync(string recipient, string message, CancellationToken cancellationToken)
    {
        try
        {
            await using SmtpConnection connection = await ConnectAsync(cancellationToken);
            SmtpReply features = await GreetAsync(connection, cancellationToken);
            await SignInAsync(connection, features, cancellationToken);
            await RequireAsync(connection, $"MAIL FROM:<{server.Sender.Address}>{ExtensionFor(recipient, features)}", $"the sender; look at the address that belongs to {server.Setting}", cancellationToken);
            await RequireAsync(connection, $"RCPT TO:<{recipient}>", "the recipient", cancellationToken);
            SmtpReply ready = await connection.AskAsync("DATA", cancellationToken);
            SmtpReply taken = ready.Code == 354 ? await connection.SendMessageAsync(message, cancellationToken) : ready;
            if (!taken.IsPositive)
            {
                throw Refused("the message", taken);
            }

            await SayGoodbyeAsync(connection, cancellationToken);
        }
        catch (AuthenticationException exception)
        {
            throw new SmtpException($"The mail server {server} has no certificate for that name that can be trusted; look at the host and port in {server.Setting}.", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new SmtpException($"The connection to the mail server {server} failed; look at the scheme, host and port in {server.Setting}.", exception);
        }
    }

    private SmtpException Refused(string what, SmtpReply reply) => new($"The mail server {server} refuses {what}. It says: {reply.Quote()}");

    private async Task<SmtpConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        TcpClient tcp = new();
        try
        {
            await tcp.ConnectAsync(server.Host, server.Port, cancellationToken);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }

        return new SmtpConnection(tcp, trust);
    }

    /// <summary>Greets, with TLS if it can be had.</summary>
    /// <returns>What the server can do.</returns>
    private async Task<SmtpReply> GreetAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        if (server.IsTlsFromTheStart)
        {
            await connection.StartTlsAsync(server.Host, cancellationToken);
        }

        SmtpReply greeting = await connection.ReadReplyAsync(cancellationToken);
        if (!greeting.IsPositive)
        {
            throw Refused("the connection", greeting);
        }

        SmtpReply features = await RequireAsync(connection, $"EHLO {clientName}", "the greeting", cancellationToken);
        if (connection.IsEncrypted || features.Find("STARTTLS") is null)
        {
            return features;
        }

        await RequireAsync(connection, "STARTTLS", "encryption, which it had offered", cancellationToken);
        await connection.StartTlsAsync(server.Host, cancellationToken);
        return await RequireAsync(connection, $"EHLO {clientName}", "the greeting", cancellationToken); // what was said in the open does not count
    }

    private async Task SignInAsync(SmtpConnection connection, SmtpReply features, CancellationToken cancellationToken)
    {
        if (server.Credentials is not { } credentials)
        {
            return;
        }

        if (!connection.IsEncrypted && !IsLocal())
        {
            throw new SmtpException($"The mail server {server} offers no encryption, so user and password are not sent; write smtps:// and its port in {server.Setting}, or leave user and password out.");
        }

        IReadOnlyList<string> ways = features.Find("AUTH") ?? [];
        SmtpReply reply;
        if (ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            reply = await connection.AskAsync($"AUTH PLAIN {Base64($"\0{credentials.User}\0{credentials.Password}")}", cancellationToken);
        }
        else if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            reply = await connection.AskAsync("AUTH LOGIN", cancellationToken);
            reply = reply.Code == 334 ? await connection.AskAsync(Base64(credentials.User), cancellationToken) : reply;
            reply = reply.Code == 334 ? await connection.AskAsync(Base64(credentials.Password), cancellationToken) : reply;
        }
        else
        {
            throw new SmtpException($"The mail server {server} takes no user and password, or not in a way that is known here (PLAIN, LOGIN); look at {server.Setting}.");
        }

        if (!reply.IsPositive)
        {
            throw reply.Code < LocalErrorFrom ? Refused("to check user and password now", reply) : Refused($"user and password; look at {server.Setting}", reply);
        }
    }

    /// <summary>What MAIL FROM says of an address that is not ASCII, which is also in a header of the message.</summary>
    private string ExtensionFor(string recipient, SmtpReply features)
    {
        if (!EmailAddress.NeedsSmtpUtf8(recipient))
        {
            return "";
        }

        return features.Find("SMTPUTF8") is not null
            ? " SMTPUTF8"
            : throw new SmtpException($"The mail server {server} does not deliver to addresses with letters beyond ASCII: it does not offer SMTPUTF8.")
            {
                Advice = "The mail could not be sent: the mail server of this service does not deliver to addresses with letters beyond ASCII. Use another address.",
            };
    }

    private async Task<SmtpReply> RequireAsync(SmtpConnection connection, string line, string what, CancellationToken cancellationToken)
    {
        SmtpReply reply = await connection.AskAsync(line, cancellationToken);
        return reply.IsPositive ? reply : throw Refused(what, reply);
    }

    /// <summary>The message was taken; how the conversation ends changes nothing.</summary>
    private static async Task SayGoodbyeAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.AskAsync("QUIT", cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or SmtpException or OperationCanceledException)
        {
            // nothing to save
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private bool IsLocal() => server.Host == "localhost" || (IPAddress.TryParse(server.Host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
