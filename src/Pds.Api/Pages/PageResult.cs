using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;

namespace Pds.Api.Pages;

/// <summary>Answers with a page.</summary>
/// <typeparam name="TPage">The page, as this server has it.</typeparam>
/// <param name="model">What it shows.</param>
/// <param name="status">HTTP status; by default 400 when the model tells a fault, else 200.</param>
internal sealed class PageResult<TPage>(PageModel model, int? status = null) : IActionResult
    where TPage : IComponent
{
    public Task ExecuteResultAsync(ActionContext context) => context.HttpContext.RequestServices.GetRequiredService<PageRenderer>().WriteAsync(
        context.HttpContext, typeof(TPage), model, status ?? (model.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest));
}
