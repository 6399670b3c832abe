using Pds.Application.Settings;

namespace Pds.Server.Hosting;

/// <summary>What <c>pds serve</c> logs.</summary>
internal sealed class LoggingSettings
{
    /// <summary>Whether anything is logged. Default <see langword="true"/>.</summary>
    [Variable("LOG_ENABLED")]
    public bool Enabled { get; set; } = true;

    /// <summary>The least level that is logged: <c>trace</c>, <c>debug</c>, <c>info</c>, <c>warn</c>, <c>error</c> or <c>fatal</c>. Default <c>info</c>.</summary>
    [Variable("LOG_LEVEL")]
    public string Level { get; set; } = "info";
}
