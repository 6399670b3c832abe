using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.S3;

/// <summary>Adds what is wrong with the settings of the store to what is wrong with the others, so that one message tells all.</summary>
internal sealed class S3BlobFaults(IOptions<S3BlobOptions> store) : IValidateOptions<PdsOptions>
{
    public ValidateOptionsResult Validate(string? name, PdsOptions options)
    {
        try
        {
            _ = store.Value;
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException exception)
        {
            return ValidateOptionsResult.Fail(exception.Failures);
        }
    }
}
