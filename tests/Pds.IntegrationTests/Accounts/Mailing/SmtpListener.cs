using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace Pds.IntegrationTests.Accounts.Mailing;

/// <summary>When a <see cref="SmtpListener"/> encrypts.</summary>
internal enum SmtpSecurity
{
    None,
    StartTls,
    FromTheStart,
}

/// <summary>A mail server on loopback that takes everything, unless told what to answer. Its certificate is its own word.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<SmtpDelivery> _deliveries = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private readonly SmtpSecurity _security;
    private readonly Task _loop;

    public SmtpListener(SmtpSecurity security)
    {
        _security = security;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers in place of the usual ones, by the first word of the command; <c>CONNECT</c> is the greeting.</summary>
    public Dictionary<string, string> Answers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Ways to sign in that are offered.</summary>
    public string Auth { get; set; } = "PLAIN LOGIN";

    /// <summary>What else is offered, such as <c>SMTPUTF8</c>; empty for nothing.</summary>
    public string Extension { get; set; } = "";

    public IReadOnlyList<SmtpDelivery> Deliveries => [.. _deliveries];

    /// <summary>URL of the listener.</summary>
    /// <param name="credentials"><c>user:password@</c>, percent-encoded, or nothing.</param>
    public Uri Url(string credentials = "") => new($"{(_security == SmtpSecurity.FromTheStart ? "smtps" : "smtp")}://{credentials}localhost:{Port}");

    /// <summary>Waits for as many mails.</summary>
    public async Task<IReadOnlyList<SmtpDelivery>> WaitForAsync(int count)
    {
        while (_deliveries.Count < count)
        {
            Assert.That(await _arrivals.WaitAsync(Patience), Is.True, $"{_deliveries.Count} of {count} mails came");
        }

        return Deliveries;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _certificate.Dispose();
        _arrivals.Dispose();
        _stop.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                conversations.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task TalkAsync(TcpClient tcp)
    {
        using (tcp)
        {
            try
            {
                await new Conversation(this, tcp.GetStream()).RunAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // the other side went away
            }
        }
    }

    private sealed class Conversation(SmtpListener listener, Stream stream)
    {
        private Stream _stream = stream;
        private StreamReader _reader = new(stream, Encoding.UTF8);
        private bool _encrypted;
        private string? _user;
        private string? _password;
        private string _from = "";
        private string _to = "";

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            if (listener._security == SmtpSecurity.FromTheStart)
            {
                await EncryptAsync(cancellationToken);
            }

            await SayAsync(AnswerTo("CONNECT", "220 localhost ESMTP"), cancellationToken);
            while (await _reader.ReadLineAsync(cancellationToken) is { } line)
            {
                await AnswerAsync(line, cancellationToken);
            }
        }

        private async Task AnswerAsync(string line, CancellationToken cancellationToken)
        {
            string verb = line.Split(' ', 2)[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    string extra = listener._security == SmtpSecurity.StartTls && !_encrypted ? "250-STARTTLS\r\n" : "";
                    extra += listener.Extension.Length > 0 ? $"250-{listener.Extension}\r\n" : "";
                    await SayAsync(AnswerTo(verb, $"250-localhost\r\n{extra}250-AUTH {listener.Auth}\r\n250 8BITMIME"), cancellationToken);
                    break;
                case "STARTTLS":
                    await SayAsync(AnswerTo(verb, "220 go ahead"), cancellationToken);
                    if (!listener.Answers.ContainsKey(verb))
                    {
                        await EncryptAsync(cancellationToken);
                    }

                    break;
                case "AUTH":
                    await SignInAsync(line, cancellationToken);
                    break;
                case "MAIL":
                    _from = line["MAIL FROM:".Length..];
                    await SayAsync(AnswerTo(verb, "250 ok"), cancellationToken);
                    break;
                case "RCPT":
                    _to = line["RCPT TO:".Length..];
                    await SayAsync(AnswerTo(verb, "250 ok"), cancellationToken);
                    break;
                case "DATA":
                    await TakeAsync(cancellationToken);
                    break;
                default:
                    await SayAsync(AnswerTo(verb, "221 bye"), cancellationToken);
                    break;
            }
        }

        private async Task SignInAsync(string line, CancellationToken cancellationToken)
        {
            string[] words = line.Split(' ');
            if (words[1] == "PLAIN")
            {
                string[] parts = Decode(words[2]).Split('\0');
                (_user, _password) = (parts[1], parts[2]);
            }
            else
            {
                await SayAsync("334 VXNlcm5hbWU6", cancellationToken);
                _user = Decode((await _reader.ReadLineAsync(cancellationToken))!);
                await SayAsync("334 UGFzc3dvcmQ6", cancellationToken);
                _password = Decode((await _reader.ReadLineAsync(cancellationToken))!);
            }

            await SayAsync(AnswerTo("AUTH", "235 welcome"), cancellationToken);
        }

        private async Task TakeAsync(CancellationToken cancellationToken)
        {
            await SayAsync(AnswerTo("DATA", "354 go on"), cancellationToken);
            if (listener.Answers.ContainsKey("DATA"))
            {
                return;
            }

            List<string> lines = [];
            while (await _reader.ReadLineAsync(cancellationToken) is { } line && line != ".")
            {
                lines.Add(line.StartsWith('.') ? line[1..] : line);
            }

            listener._deliveries.Enqueue(new SmtpDelivery(_from, _to, string.Join("\r\n", lines), _encrypted, _user, _password));
            listener._arrivals.Release();
            await SayAsync("250 taken", cancellationToken);
        }

        private async Task EncryptAsync(CancellationToken cancellationToken)
        {
            SslStream encrypted = new(_stream);
            await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = listener._certificate }, cancellationToken);
            _stream = encrypted;
            _reader = new StreamReader(encrypted, Encoding.UTF8);
            _encrypted = true;
        }

        private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

        private string AnswerTo(string verb, string usual) => listener.Answers.GetValueOrDefault(verb, usual);

        private async Task SayAsync(string text, CancellationToken cancellationToken)
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), cancellationToken);
            await _stream.FlushAsync(cancellationToken);
        }
    }
}

/// <summary>A mail as the listener got it.</summary>
internal sealed record SmtpDelivery(string From, string To, string Message, bool WasEncrypted, string? User, string? Password)
{
    /// <summary>The message as a mail program reads it.</summary>
    public MimeMessage Parsed
    {
        get
        {
            using MemoryStream bytes = new(Encoding.UTF8.GetBytes(Message));
            return MimeMessage.Load(bytes);
        }
    }
}
