// The public contract of the package MediatR.Contracts 2.0.1, member for member, because MediatR 12 is compiled against it.
// Why it is here: docs/decisions/0002-mediatr-contracts-stand-in.md
namespace MediatR;

#pragma warning disable CA1040, MA0048 // Empty interfaces and several types in one file: the shape is MediatR's, not ours.

public interface IBaseRequest;

public interface IRequest : IBaseRequest;

public interface IRequest<out TResponse> : IBaseRequest;

public interface INotification;

public interface IStreamRequest<out TResponse>;

/// <summary>Stands for no value where a type is needed.</summary>
public readonly struct Unit : IEquatable<Unit>, IComparable<Unit>, IComparable
{
    private static readonly Unit _value;

    public static ref readonly Unit Value => ref _value;

    public static Task<Unit> Task { get; } = System.Threading.Tasks.Task.FromResult(_value);

    public int CompareTo(Unit other) => 0;

    int IComparable.CompareTo(object? obj) => 0;

    public override int GetHashCode() => 0;

    public bool Equals(Unit other) => true;

    public override bool Equals(object? obj) => obj is Unit;

    public static bool operator ==(Unit first, Unit second) => true;

    public static bool operator !=(Unit first, Unit second) => false;

    public static bool operator <(Unit first, Unit second) => false;

    public static bool operator <=(Unit first, Unit second) => true;

    public static bool operator >(Unit first, Unit second) => false;

    public static bool operator >=(Unit first, Unit second) => true;

    public override string ToString() => "()";
}
