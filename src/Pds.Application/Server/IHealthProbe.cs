namespace Pds.Application.Server;

/// <summary>Tells whether something the server cannot do without works. Any number of them: the database has one, and a host may add its own.</summary>
public interface IHealthProbe
{
    /// <summary>Whether it works now. Throwing counts as no.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> IsHealthyAsync(CancellationToken cancellationToken);
}
