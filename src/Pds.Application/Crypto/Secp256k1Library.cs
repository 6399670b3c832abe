namespace Pds.Application.Crypto;

/// <summary>Which implementation computes on secp256k1. All of them give the same bytes.</summary>
public enum Secp256k1Library
{
    /// <summary>libsecp256k1 where the operating system has it and it passes a known-answer test, else the managed implementation.</summary>
    Auto,

    /// <summary>The managed implementation.</summary>
    Off,

    /// <summary>libsecp256k1; without it the server does not start.</summary>
    Require,
}
