namespace Pds.Application.Server;

/// <summary>Looks at what is kept before anything starts on it, and changes nothing.</summary>
public interface IStartCheck
{
    /// <summary>Looks; cheap, since it runs at every start.</summary>
    /// <exception cref="StartRefusedException">Starting would do harm or could not succeed.</exception>
    void Check();
}

/// <summary>The server does not start. The message says what was found, what it means and which command to give.</summary>
/// <param name="message">For the operator; no secrets.</param>
/// <param name="cause">What the operating system or the database said, if it said anything.</param>
public sealed class StartRefusedException(string message, Exception? cause = null) : Exception(message, cause);
