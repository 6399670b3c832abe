using FluentValidation;
using FluentValidation.Results;
using MediatR;
using Pds.Domain.Errors;

namespace Pds.Application.Pipeline;

/// <summary>Runs the validators of a message; the first fault of each is told to the caller, all in one refusal.</summary>
internal sealed class ValidationBehavior<TRequest, TOutput>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IPdsRequest
{
    public async Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        foreach (IValidator<TRequest> validator in validators)
        {
            ValidationResult result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
            {
                throw Refusal(result);
            }
        }

        return await next(cancellationToken);
    }

    /// <summary>A rule names its own error with <c>WithState(_ => SomeErrors.Name)</c>; without one it is InvalidRequest.</summary>
    private static XrpcException Refusal(ValidationResult result)
    {
        XrpcError error = result.Errors.Select(failure => failure.CustomState).OfType<XrpcError>().FirstOrDefault() ?? RequestErrors.InvalidRequest;
        return new XrpcException(error, string.Join("; ", result.Errors.Select(failure => failure.ErrorMessage).Distinct(StringComparer.Ordinal)));
    }
}
