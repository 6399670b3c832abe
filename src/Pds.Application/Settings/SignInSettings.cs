namespace Pds.Application.Settings;

/// <summary>How people sign in, and how guessing is slowed down.</summary>
public sealed class SignInSettings
{
    /// <summary>Whether people sign in with the password of their account, or with passkeys. Default <see langword="true"/>; otherwise app passwords and what the host offers are left.</summary>
    public bool PasswordSignIn { get; set; } = true;

    /// <summary>How long a sign-in takes at least, so that its duration tells nothing. Default 350 ms.</summary>
    public TimeSpan MinSignInTime { get; set; } = TimeSpan.FromMilliseconds(350);

    /// <summary>How many wrong passwords for one account from one address lock the account for that address, 1 or more. Default 5. Others, its owner elsewhere too, notice nothing.</summary>
    public int MaxWrongPasswords { get; set; } = 5;

    /// <summary>
    /// For how many names one address (of IPv6: one /64) may give wrong passwords, or wrong codes, within <see cref="LockTime"/>, 1 or more. Default 1,000.
    /// Past that it may go on with these names only.
    /// </summary>
    public int MaxWrongNames { get; set; } = 1_000;

    /// <summary>How many wrong operator passwords from one address lock that address, 1 or more. Default 10.</summary>
    public int MaxWrongOperatorPasswords { get; set; } = 10;

    /// <summary>
    /// How many wrong operator passwords from all addresses lock all of them, 1 or more. Default 100. Addresses from which the operator signed in since the
    /// start, and this machine, are neither counted nor locked by it.
    /// </summary>
    public int MaxWrongOperatorPasswordsInAll { get; set; } = 100;

    /// <summary>How many wrong texts end an e-mailed token, 1 or more. Default 5.</summary>
    public int MaxWrongEmailTokens { get; set; } = 5;

    /// <summary>How many wrong codes of an authenticator app, from wherever they come, end judging such codes for the account, 1 or more. Default 20. Recovery codes and passkeys go on working.</summary>
    public int MaxWrongCodesInAll { get; set; } = 20;

    /// <summary>How long a lock lasts, and how long wrong attempts count. Default 15 minutes.</summary>
    public TimeSpan LockTime { get; set; } = TimeSpan.FromMinutes(15);
}
