using Pds.Application.Capacity;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>How many passwords of one account may be judged or wait for that at a time, from wherever they come, so that guessing at one account keeps nobody else from signing in.</summary>
/// <param name="options">How many may wait in all, and the share of one.</param>
internal sealed class PasswordShares(CapacitySettings options)
{
    private readonly CapacityShares<string> _shares = new(CapacityShare.Of(
        (int)Math.Min((long)Environment.ProcessorCount + options.MaxWaitingPasswords, int.MaxValue), options.MaxSharePercent));

    /// <summary>Takes a place until the result is disposed of.</summary>
    /// <param name="subject">The account, or the name of one that does not exist.</param>
    /// <exception cref="XrpcException">NotEnoughResources.</exception>
    public IDisposable Take(string subject) => _shares.TryTake(subject, places: 1)
        ? new Place(_shares, subject)
        : throw new XrpcException(RequestErrors.NotEnoughResources, "Too many people are signing in. Try again in a moment.");

    private sealed class Place(CapacityShares<string> shares, string subject) : IDisposable
    {
        public void Dispose() => shares.GiveBack(subject, places: 1);
    }
}
