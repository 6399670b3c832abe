using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>Lines to a mail server and replies from it, over TCP and, after <see cref="StartTlsAsync"/>, TLS.</summary>
internal sealed class SmtpConnection(TcpClient tcp, RemoteCertificateValidationCallback? trust) : IAsyncDisposable
{
    private const int MaxLineLength = 2048;
    private const int MaxLines = 100;
    private readonly byte[] _buffer = new byte[MaxLineLength];
    private Stream _stream = tcp.GetStream();
    private int _start;
    private int _end;

    public bool IsEncrypted { get; private set; }

    /// <summary>Switches to TLS.</summary>
    /// <exception cref="SmtpException">The server had said something it should not have: somebody may have put it into the open part of the connection.</exception>
    public async Task StartTlsAsync(string host, CancellationToken cancellationToken)
    {
        if (_start < _end)
        {
            throw new SmtpException($"The mail server {host} sent more than its reply before the encryption began, so it is not trusted.");
        }

        var encrypted = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = encrypted;
        await encrypted.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = trust }, cancellationToken);
        IsEncrypted = true;
    }

    /// <summary>Sends a line and reads the reply.</summary>
    public async Task<SmtpReply> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
        await _stream.FlushAsync(cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    /// <summary>Sends a message and its end, and reads the reply. Lines that begin with a dot get a second one, or they could end the message.</summary>
    /// <param name="message">Lines that end in CRLF.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SmtpReply> SendMessageAsync(string message, CancellationToken cancellationToken)
    {
        string stuffed = message.StartsWith('.') ? "." + message : message;
        return await AskAsync(stuffed.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".", cancellationToken);
    }

    /// <summary>Reads a reply, of one line or more.</summary>
    /// <exception cref="SmtpException">What came is not a reply, or has no end.</exception>
    public async Task<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        while (lines.Count < MaxLines)
        {
            string line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out int code) || (line.Length > 3 && line[3] is not (' ' or '-')))
            {
                throw new SmtpException("What answers is not a mail server.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, lines);
            }
        }

        throw new SmtpException($"The mail server's reply has more than {MaxLines} lines.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        tcp.Dispose();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                string line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            if (_end == _buffer.Length)
            {
                throw new SmtpException($"The mail server's reply has a line of more than {MaxLineLength} bytes.");
            }

            int read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read > 0 ? read : throw new SmtpException("The mail server hung up.");
        }
    }
}
