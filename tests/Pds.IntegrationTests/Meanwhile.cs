using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Pds.IntegrationTests;

/// <summary>Lets something happen just before a port is called: after whatever was judged, and before what that leads to is kept.</summary>
internal sealed class Meanwhile
{
    private readonly Lock _gate = new();
    private (string Method, int Skip, Func<Task> Act)? _plan;

    /// <summary>Does something before the next call of a method of a port.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="act">What happens meanwhile; it may call the server.</param>
    /// <param name="skip">How many calls pass before.</param>
    public void Before(string method, Func<Task> act, int skip = 0)
    {
        lock (_gate)
        {
            _plan = (method, skip, act);
        }
    }

    /// <summary>Whether it happened.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _plan is null;
            }
        }
    }

    /// <summary>Stands before a port of the server.</summary>
    public void Watch<TPort>(IServiceCollection services)
        where TPort : class
    {
        ServiceDescriptor inner = services.Last(service => service.ServiceType == typeof(TPort));
        services.AddSingleton(provider =>
        {
            object port = inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!);
            TPort proxy = DispatchProxy.Create<TPort, Watched>();
            ((Watched)(object)proxy).Set(port, this);
            return proxy;
        });
    }

    private void Call(string method)
    {
        Func<Task>? act = null;
        lock (_gate)
        {
            if (_plan is { } plan && plan.Method == method)
            {
                act = plan.Skip == 0 ? plan.Act : null;
                _plan = plan.Skip == 0 ? null : plan with { Skip = plan.Skip - 1 };
            }
        }

        if (act is not null)
        {
            Task.Run(act).GetAwaiter().GetResult();
        }
    }

    /// <summary>A port with something before it.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    internal class Watched : DispatchProxy
#pragma warning restore CA1852
    {
        private object _port = null!;
        private Meanwhile _meanwhile = null!;

        public void Set(object port, Meanwhile meanwhile) => (_port, _meanwhile) = (port, meanwhile);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _meanwhile.Call($"{targetMethod!.DeclaringType!.Name}.{targetMethod.Name}");
            try
            {
                return targetMethod.Invoke(_port, args);
            }
            catch (TargetInvocationException exception)
            {
                ExceptionDispatchInfo.Throw(exception.InnerException!);
                throw;
            }
        }
    }
}
