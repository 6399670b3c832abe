using System.Collections.Frozen;

namespace Pds.Domain.Accounts;

/// <summary>First labels that would mislead people about who speaks: words of the protocol, and names that hosts usually give to machines and departments.</summary>
public static class ReservedHandles
{
    /// <summary>The list, in lower case. A host may replace it by its own.</summary>
    public static readonly FrozenSet<string> Default = FrozenSet.ToFrozenSet(Words(), StringComparer.Ordinal);

    private static string[] Words() =>
        // The protocol's own words.
        ("at atp atproto plc pds did repo tid nsid xrpc lex lexicon bsky bluesky handle oauth relay appview labeler feedgen firehose jetstream " +
        // What a domain's owner names its machines, mailboxes and pages.
        "abuse access account accounts admin administrator adminpanel alerts analytics anonymous api app apps archive assets audit auth autoconfig " +
        "autodiscover backup backups beta billing blob blobs blog board bot bots broadcasthost bugs business cache calendar careers cdn chat client " +
        "cloud code commercial community config console contact contact-us copyright corp css dashboard data database debug demo deploy dev devel " +
        "developer developers directory dns docs documentation domain domains download downloads email embed error errors events example exchange " +
        "faq feed feedback feeds file files finance forum forums ftp gateway git graph graphql group groups guest health help helpdesk home host " +
        "hosting hostmaster http https identity imap images img info infra internal invite invites irc isatap jobs legal license link links list " +
        "lists localdomain localhost local log login logout logs mail mailer-daemon mailerdaemon mailing main manage marketing master media member members " +
        "message messages metrics mirror mobile mod moderation moderator monitor network news newsletter nobody noc node noreply no-reply notifications " +
        "ns ns0 ns1 ns2 ns3 ns4 ntp official ops order orders owner pages panel partner partners password pay payment payments ping policy pop pop3 portal " +
        "postmaster press pricing privacy private profile proxy public query redirect register registry remote report reports reset root router rss " +
        "sales sandbox search secure security server servers service services session settings setup shop signin signup sitemap smtp sql ssh ssl " +
        "sso staff stage staging stat static statistics stats status store stream subscribe sudo support sync sysadmin sysop system systems team " +
        "teams tech telnet terms test tester testing tls token tools tos trust updates upload uploads usenet user username users uucp verify video vpn web " +
        "webdav webhook webhooks webmail webmaster website wiki wpad www www1 www2 www3 xmpp you")
        .Split(' ');
}
