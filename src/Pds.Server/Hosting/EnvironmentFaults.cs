using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Server.Hosting;

/// <summary>Adds what is wrong with the variables to what is wrong with the options, so that one message tells all.</summary>
internal sealed class EnvironmentFaults(PdsEnvironment environment) : IValidateOptions<PdsOptions>
{
    public ValidateOptionsResult Validate(string? name, PdsOptions options) =>
        environment.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(environment.Faults);
}
