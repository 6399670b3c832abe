using System.Net;
using Microsoft.Extensions.Logging;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Locks the operator's password against guessing.</summary>
/// <remarks>
/// An address is locked after some wrong passwords. All other addresses together are locked after many more, but never those from which the operator signed
/// in before, nor this machine: a stranger cannot lock the operator out from there.
/// </remarks>
public sealed partial class OperatorAttempts
{
    private const string Subject = "operator";
    private const int MaxKnown = 64;

    private readonly AttemptTable _attempts;
    private readonly SignInSettings _options;
    private readonly ILogger<OperatorAttempts> _logger;
    private readonly Lock _gate = new();
    private readonly List<IPAddress> _known = [];

    internal OperatorAttempts(WrongAttempts attempts, SignInSettings options, ILogger<OperatorAttempts> logger)
    {
        _attempts = attempts.Operator;
        _options = options;
        _logger = logger;
    }

    /// <summary>Judges an attempt to sign in as the operator. While it is locked, the right password is refused, too.</summary>
    /// <param name="isRight">Whether the password was right.</param>
    /// <param name="address">From where; <see langword="null"/> when that is not known.</param>
    /// <returns>Whether it is the operator.</returns>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    public bool Judge(bool isRight, IPAddress? address)
    {
        IPAddress? source = AttemptTable.SourceOf(address);
        int limit = _options.MaxWrongOperatorPasswords;
        int limitInAll = _options.MaxWrongOperatorPasswordsInAll;
        bool isTrusted = IsTrusted(source);
        _attempts.RequireOpen(Subject, source, limit);
        if (!isTrusted)
        {
            _attempts.RequireOpen($"{Subject} in all", address: null, limitInAll);
        }

        if (isRight)
        {
            _attempts.Forget(Subject, source);
            Remember(source);
            return true;
        }

        LogWrong(address);
        _attempts.Add(Subject, source, limit);
        if (!isTrusted)
        {
            _attempts.Add($"{Subject} in all", address: null, limitInAll);
        }

        return false;
    }

    private bool IsTrusted(IPAddress? source)
    {
        lock (_gate)
        {
            return source is not null && (IPAddress.IsLoopback(source) || _known.Contains(source));
        }
    }

    private void Remember(IPAddress? source)
    {
        lock (_gate)
        {
            if (source is null || _known.Contains(source))
            {
                return;
            }

            if (_known.Count == MaxKnown)
            {
                _known.RemoveAt(0);
            }

            _known.Add(source);
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "Somebody at {Address} gave a wrong operator password")]
    private partial void LogWrong(IPAddress? address);
}
