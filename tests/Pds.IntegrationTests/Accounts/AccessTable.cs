using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Accounts;

/// <summary>
/// Who may call what: every method by every kind of credential, written by hand from the endpoint tables of the protocol (spec 05 with 04 §4 to §7, 06 §1 and
/// 07 §9), never from this server's attributes.
/// </summary>
internal static class AccessTable
{
    /// <summary>The kinds of credentials, in the order of the columns. OAuth credentials have a column of their own and are called by scope.</summary>
    public static readonly string[] Kinds =
    [
        "none",    // no Authorization header
        "full",    // session token, account password
        "app",     // session token, app password
        "priv",    // session token, privileged app password
        "tdOld",   // full session token from before the account was taken down
        "tdNew",   // session token that a taken-down account gets with allowTakendown
        "deact",   // full session token of a deactivated account
        "refr",    // refresh token
        "junk",    // Bearer, and no token
        "serv",    // service token of an account for this method
        "labl",    // service token of did#atproto_labeler, signed with the label key of an account
        "mod",     // service token of the moderation service for this method
        "adm",     // Basic, the admin password
        "bad",     // Basic, another password
    ];

    /// <summary>What stands in the cells.</summary>
    private static readonly Dictionary<string, string> s_codes = new(StringComparer.Ordinal)
    {
        ["AM"] = "401 AuthMissing",
        ["AR"] = "401 AuthenticationRequired",
        ["IT"] = "400 InvalidToken",
        ["IR"] = "400 InvalidRequest",
        ["TD"] = "401 AccountTakedown",
        ["DA"] = "401 AccountDeactivated",
        ["NF"] = "403 AccountNotFound",
        ["NA"] = "400 AccountNotFound",
        ["JT"] = "401 BadJwtType",
        ["BJ"] = "401 BadJwt",
        ["UI"] = "401 UntrustedIss",
        ["SM"] = "403 ScopeMissingError",
        ["FB"] = "403 Forbidden",
    };

    /// <summary>
    /// <c>answer</c> is what a caller gets who is let in (the inputs are chosen so that most change nothing), <c>ok</c> in a cell stands for it. The last column:
    /// <c>any</c> OAuth credential, none (<c>FB</c>), a refusal of the kind (<c>AR</c>), or the scopes that suffice: all others are refused with <c>SM</c>.
    /// <c>rpc</c> stands for the method and its service in full, with any service (<c>rpc/any</c>), and any method of the service (<c>rpc/all</c>).
    /// A method that asks nobody who calls has <c>open</c> instead of cells.
    /// </summary>
    private const string Table = """
        method                                              answer                none full app  priv tdOld tdNew deact refr junk serv labl mod  adm  bad  oauth
        com.atproto.server.describeServer                   200                   open
        com.atproto.server.createAccount                    400:InvalidHandle     ok   JT   JT   JT   JT    JT    JT    JT   BJ   ok   UI   ok   AR   AR   AR
        com.atproto.server.createSession                    400:InvalidRequest    open
        com.atproto.server.getSession                       200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   any
        com.atproto.server.refreshSession                   200                   AM   IT   IT   IT   IT    IT    IT    ok   IT   IT   IT   IT   AM   AM   AM
        com.atproto.server.deleteSession                    200                   AM   IT   IT   IT   IT    IT    IT    ok   IT   IT   IT   IT   AM   AM   AM
        com.atproto.server.createAppPassword                200                   AM   ok   IT   IT   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.listAppPasswords                 200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.revokeAppPassword                200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.getServiceAuth                   200                   AM   ok   ok   ok   IT    IT    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        com.atproto.server.getServiceAuth#createAccount     200                   AM   ok   IR   ok   ok    ok    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        com.atproto.server.getServiceAuth#chat              200                   AM   ok   IR   ok   IT    IT    ok    IT   IT   IT   IT   IT   IT   IT   chat,rpc,rpc/any,rpc/all
        com.atproto.server.getServiceAuth#anyMethod         200                   AM   ok   ok   ok   IT    IT    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc/all
        com.atproto.server.getServiceAuth#protected         400:InvalidRequest    AM   ok   ok   ok   IT    IT    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        com.atproto.server.checkAccountStatus               200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   any
        com.atproto.server.activateAccount                  200                   AM   ok   IT   IT   NA    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.deactivateAccount                200                   AM   ok   IT   IT   ok    ok    ok    IT   IT   IT   IT   IT   IT   IT   account:status!
        com.atproto.server.requestAccountDelete             200                   AM   ok   IT   IT   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.deleteAccount                    400:InvalidRequest    open
        com.atproto.server.requestPasswordReset             200                   open
        com.atproto.server.resetPassword                    400:InvalidRequest    open
        com.atproto.server.requestEmailConfirmation         200                   AM   ok   ok   ok   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   account:email!
        com.atproto.server.confirmEmail                     400:InvalidEmail      AM   ok   ok   ok   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   account:email!
        com.atproto.server.requestEmailUpdate               200                   AM   ok   IT   IT   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.updateEmail                      400:InvalidRequest    AM   ok   IT   IT   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.server.reserveSigningKey                200                   open
        com.atproto.server.createInviteCode                 200                   AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.server.createInviteCodes                200                   AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.server.getAccountInviteCodes            200                   AM   ok   IT   IT   TD    IT    400:NotFound IT IT IT IT   IT   IT   IT   FB
        com.atproto.repo.createRecord                       200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,repo:create,repo:note,repo:*
        com.atproto.repo.putRecord                          200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,repo:note,repo:*
        com.atproto.repo.deleteRecord                       200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,repo:delete,repo:note,repo:*
        com.atproto.repo.applyWrites                        200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,repo:create,repo:note,repo:*
        com.atproto.repo.getRecord                          400:RecordNotFound    open
        com.atproto.repo.listRecords                        200                   open
        com.atproto.repo.describeRepo                       200                   open
        com.atproto.repo.uploadBlob                         200                   AM   ok   ok   ok   TD    IT    ok    IT   IT   ok   UI   NF   IT   IT   generic,blob:png,blob:image,blob:*
        com.atproto.repo.listMissingBlobs                   200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   any
        com.atproto.repo.importRepo                         400:InvalidRequest    AM   ok   IT   IT   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   account:repo!
        com.atproto.identity.resolveHandle                  400:HandleNotFound    open
        com.atproto.identity.resolveDid                     400:DidNotFound       open
        com.atproto.identity.resolveIdentity                400:HandleNotFound    open
        com.atproto.identity.refreshIdentity                400:HandleNotFound    AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   any
        com.atproto.identity.updateHandle                   400:InvalidHandle     AM   ok   ok   ok   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   identity:handle,identity:*
        com.atproto.identity.getRecommendedDidCredentials   200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   any
        com.atproto.identity.requestPlcOperationSignature   200                   AM   ok   IT   IT   ok    ok    ok    IT   IT   IT   IT   IT   IT   IT   identity:*
        com.atproto.identity.signPlcOperation               400:InvalidRequest    AM   ok   IT   IT   ok    ok    ok    IT   IT   IT   IT   IT   IT   IT   identity:*
        com.atproto.identity.submitPlcOperation             400:InvalidRequest    AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   identity:*
        com.atproto.admin.getAccountInfo                    400:NotFound          AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.getAccountInfos                   200                   AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.searchAccounts                    200                   AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.getSubjectStatus                  400:NotFound          AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.updateSubjectStatus               400:NotFound          AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.getInviteCodes                    200                   AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.disableInviteCodes                200                   AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.disableAccountInvites             400:NotFound          AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.enableAccountInvites              400:NotFound          AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.sendEmail                         400:InvalidRequest    AR   JT   JT   JT   JT    JT    JT    JT   BJ   UI   UI   ok   ok   AR   AR
        com.atproto.admin.updateAccountHandle               400:InvalidRequest    AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.admin.updateAccountEmail                400:InvalidRequest    AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.admin.updateAccountPassword             400:NotFound          AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.admin.updateAccountSigningKey           400:NotFound          AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.admin.deleteAccount                     400:NotFound          AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        _resetAccountFactors                                400:NotFound          AR   AR   AR   AR   AR    AR    AR    AR   AR   AR   AR   AR   ok   AR   AR
        com.atproto.temp.checkSignupQueue                   200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   FB
        com.atproto.temp.checkHandleAvailability            200                   open
        com.atproto.lexicon.resolveLexicon                  400:InvalidRequest    open
        com.atproto.sync.getBlob                            400:BlobNotFound      ok   ok   ok   ok   ok    ok    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getBlocks                          400:BlockNotFound     ok   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getLatestCommit                    200                   ok   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getRecord                          200                   ok   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getRepo                            200                   ok   ok   ok   ok   ok    ok    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.listBlobs                          200                   ok   ok   ok   ok   ok    ok    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getHead                            200                   ok   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getCheckout                        200                   ok   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   ok   AR   any
        com.atproto.sync.getRepoStatus                      200                   open
        com.atproto.sync.listRepos                          200                   open
        com.atproto.sync.listReposByCollection              200                   open
        com.atproto.sync.subscribeRepos                     426:UpgradeRequired   open
        app.bsky.actor.getPreferences                       200                   AM   ok   ok   ok   ok    ok    ok    IT   IT   IT   IT   ok   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.actor.putPreferences                       200                   AM   ok   ok   ok   TD    IT    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.notification.registerPush                  200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.notification.unregisterPush                200                   AM   ok   ok   ok   ok    IT    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.actor.getProfile                           200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.actor.getProfiles                          200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.feed.getActorLikes                         200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.feed.getAuthorFeed                         200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.feed.getPostThread                         200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.feed.getTimeline                           200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        app.bsky.feed.getFeed                               400:UnknownFeed       AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc/all
        com.atproto.moderation.createReport                 200                   AM   ok   ok   ok   ok    ok    ok    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        chat.bsky.convo.getLog                              200                   AM   ok   IT   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   chat,rpc,rpc/any,rpc/all
        com.example.unknown.query                           200                   AM   ok   ok   ok   TD    IT    DA    IT   IT   IT   IT   IT   IT   IT   generic,rpc,rpc/any,rpc/all
        """;

    /// <summary>Inputs: a query, a JSON body, or neither. <c>{did}</c> is the caller's DID, <c>{owner}</c> an active account's, <c>{n}</c> a new number, <c>{view}</c> the AppView's DID.</summary>
    private static readonly Dictionary<string, string> s_inputs = new(StringComparer.Ordinal)
    {
        ["com.atproto.server.createAccount"] = """{"handle":"a.b.test","email":"a@example.com","password":"long enough"}""",
        ["com.atproto.server.createSession"] = "{}",
        ["com.atproto.server.createAppPassword"] = """{"name":"table {n}"}""",
        ["com.atproto.server.revokeAppPassword"] = """{"name":"unknown"}""",
        ["com.atproto.server.getServiceAuth"] = "?aud=did:web:x.example%23svc&lxm=com.example.method",
        ["com.atproto.server.getServiceAuth#createAccount"] = "?aud=did:web:x.example%23svc&lxm=com.atproto.server.createAccount",
        ["com.atproto.server.getServiceAuth#chat"] = "?aud=did:web:x.example%23svc&lxm=chat.bsky.convo.getLog",
        ["com.atproto.server.getServiceAuth#anyMethod"] = "?aud=did:web:x.example%23svc",
        ["com.atproto.server.getServiceAuth#protected"] = "?aud=did:web:x.example%23svc&lxm=com.atproto.identity.updateHandle",
        ["com.atproto.server.deactivateAccount"] = "{}",
        ["com.atproto.server.deleteAccount"] = "{}",
        ["com.atproto.server.requestPasswordReset"] = """{"email":"nobody@example.com"}""",
        ["com.atproto.server.resetPassword"] = "{}",
        ["com.atproto.server.confirmEmail"] = """{"email":"another@example.com","token":"AAAAA-AAAAA"}""",
        ["com.atproto.server.updateEmail"] = """{"email":"nonsense"}""",
        ["com.atproto.server.reserveSigningKey"] = """{"did":"did:web:reserved.example"}""",
        ["com.atproto.server.createInviteCode"] = """{"useCount":1}""",
        ["com.atproto.server.createInviteCodes"] = """{"codeCount":1,"useCount":1}""",
        ["com.atproto.repo.createRecord"] = """{"repo":"{did}","collection":"com.example.note","record":{"$type":"com.example.note","text":"{n}"}}""",
        ["com.atproto.repo.putRecord"] = """{"repo":"{did}","collection":"com.example.note","rkey":"kept","record":{"$type":"com.example.note","text":"{n}"}}""",
        ["com.atproto.repo.deleteRecord"] = """{"repo":"{did}","collection":"com.example.note","rkey":"gone"}""",
        ["com.atproto.repo.applyWrites"] =
            """{"repo":"{did}","writes":[{"$type":"com.atproto.repo.applyWrites#create","collection":"com.example.note","value":{"$type":"com.example.note","text":"{n}"}}]}""",
        ["com.atproto.repo.getRecord"] = "?repo={owner}&collection=com.example.note&rkey=gone",
        ["com.atproto.repo.listRecords"] = "?repo={owner}&collection=com.example.note",
        ["com.atproto.repo.describeRepo"] = "?repo={owner}",
        ["com.atproto.repo.uploadBlob"] = "image/png",
        ["com.atproto.repo.importRepo"] = "application/vnd.ipld.car",
        ["com.atproto.identity.resolveHandle"] = "?handle=nobody.test",
        ["com.atproto.identity.resolveDid"] = "?did=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
        ["com.atproto.identity.resolveIdentity"] = "?identifier=nobody.test",
        ["com.atproto.identity.refreshIdentity"] = """{"identifier":"nobody.test"}""",
        ["com.atproto.identity.updateHandle"] = """{"handle":"a.b.test"}""",
        ["com.atproto.identity.signPlcOperation"] = "{}",
        ["com.atproto.identity.submitPlcOperation"] = """{"operation":{}}""",
        ["com.atproto.admin.getAccountInfo"] = "?did=did:web:x.example",
        ["com.atproto.admin.getAccountInfos"] = "?dids=did:web:x.example",
        ["com.atproto.admin.getSubjectStatus"] = "?did=did:web:x.example",
        ["com.atproto.admin.updateSubjectStatus"] = """{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":"did:web:x.example"},"takedown":{"applied":true}}""",
        ["com.atproto.admin.disableInviteCodes"] = "{}",
        ["com.atproto.admin.disableAccountInvites"] = """{"account":"did:web:x.example"}""",
        ["com.atproto.admin.enableAccountInvites"] = """{"account":"did:web:x.example"}""",
        ["com.atproto.admin.sendEmail"] = """{"recipientDid":"did:web:x.example","content":"a","senderDid":"did:web:x.example"}""",
        ["com.atproto.admin.updateAccountHandle"] = """{"did":"did:web:x.example","handle":"x.test"}""",
        ["com.atproto.admin.updateAccountEmail"] = """{"account":"did:web:x.example","email":"x@example.com"}""",
        ["com.atproto.admin.updateAccountPassword"] = """{"did":"did:web:x.example","password":"long enough"}""",
        ["com.atproto.admin.updateAccountSigningKey"] = """{"did":"did:web:x.example","signingKey":"did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"}""",
        ["com.atproto.admin.deleteAccount"] = """{"did":"did:web:x.example"}""",
        ["_resetAccountFactors"] = """{"did":"did:web:x.example"}""",
        ["com.atproto.temp.checkHandleAvailability"] = "?handle=somebody.test",
        ["com.atproto.sync.getBlob"] = "?did={did}&cid=bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        ["com.atproto.sync.getBlocks"] = "?did={did}&cids=bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        ["com.atproto.sync.getLatestCommit"] = "?did={did}",
        ["com.atproto.sync.getRecord"] = "?did={did}&collection=com.example.note&rkey=gone",
        ["com.atproto.sync.getRepo"] = "?did={did}",
        ["com.atproto.sync.listBlobs"] = "?did={did}",
        ["com.atproto.sync.getHead"] = "?did={did}",
        ["com.atproto.sync.getCheckout"] = "?did={did}",
        ["com.atproto.sync.getRepoStatus"] = "?did={did}",
        ["com.atproto.sync.listReposByCollection"] = "?collection=com.example.note",
        ["app.bsky.actor.getPreferences"] = "?did={did}",
        ["app.bsky.actor.putPreferences"] = """{"preferences":[]}""",
        ["app.bsky.notification.registerPush"] = """{"serviceDid":"{view}","token":"a","platform":"web","appId":"a"}""",
        ["app.bsky.notification.unregisterPush"] = """{"serviceDid":"{view}","token":"a","platform":"web","appId":"a"}""",
        ["app.bsky.actor.getProfile"] = "?actor={did}",
        ["app.bsky.actor.getProfiles"] = "?actors={did}",
        ["app.bsky.feed.getActorLikes"] = "?actor={did}",
        ["app.bsky.feed.getAuthorFeed"] = "?actor={did}",
        ["app.bsky.feed.getPostThread"] = "?uri=at://did:web:x.example/app.bsky.feed.post/a",
        ["app.bsky.feed.getFeed"] = "?feed=at://did:web:x.example/app.bsky.feed.generator/a",
        ["com.atproto.moderation.createReport"] =
            """{"reasonType":"com.atproto.moderation.defs#reasonSpam","subject":{"$type":"com.atproto.admin.defs#repoRef","did":"did:web:x.example"}}""",
    };

    /// <summary>Procedures without input; all others with neither body nor media type are queries.</summary>
    private static readonly HashSet<string> s_bare = new(StringComparer.Ordinal)
    {
        "com.atproto.server.refreshSession",
        "com.atproto.server.deleteSession",
        "com.atproto.server.activateAccount",
        "com.atproto.server.requestAccountDelete",
        "com.atproto.server.requestEmailConfirmation",
        "com.atproto.server.requestEmailUpdate",
        "com.atproto.identity.requestPlcOperationSignature",
    };

    /// <summary>Methods whose success spends the credential: each of their cells gets one of its own.</summary>
    private static readonly HashSet<string> s_spending = new(StringComparer.Ordinal)
    {
        "com.atproto.server.deleteSession",
        "com.atproto.server.activateAccount",
        "com.atproto.server.deactivateAccount",
    };

    /// <summary>The service that a method is called on, where OAuth credentials are judged by it; for all others the AppView.</summary>
    private static readonly Dictionary<string, string> s_services = new(StringComparer.Ordinal)
    {
        ["com.atproto.server.getServiceAuth"] = "did:web:x.example#svc",
        ["app.bsky.notification.registerPush"] = "{view}#bsky_notif",
        ["app.bsky.notification.unregisterPush"] = "{view}#bsky_notif",
        ["com.atproto.moderation.createReport"] = "did:web:reports.example.com#atproto_labeler",
    };

    public static IReadOnlyList<AccessRow> Rows { get; } = [.. Table.Split('\n').Skip(1).Select(Read)];

    private static AccessRow Read(string line)
    {
        string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string method = cells[0].Split('#')[0];
        string? input = s_inputs.GetValueOrDefault(cells[0]);
        bool isBody = input is not null && !input.StartsWith('?');
        string answer = cells[1].Replace(':', ' ');
        bool isOpen = cells[2] == "open";
        Assert.That(cells, Has.Length.EqualTo(isOpen ? 3 : Kinds.Length + 3), line);
        return new AccessRow(cells[0], method, isBody || s_bare.Contains(method) ? HttpMethod.Post : HttpMethod.Get)
        {
            Input = input,
            Answer = answer,
            Cells = Kinds.Select((kind, i) => (kind, isOpen ? answer : Expand(cells[i + 2], answer))).ToDictionary(StringComparer.Ordinal),
            OAuth = isOpen ? "any" : cells[^1],
            IsSpent = s_spending.Contains(method),
            Service = s_services.GetValueOrDefault(method, "{view}#bsky_appview"),
            ScopedMethod = method == "com.atproto.server.getServiceAuth"
                ? System.Web.HttpUtility.ParseQueryString(input!)["lxm"] ?? "com.example.method"
                : method,
        };
    }

    private static string Expand(string cell, string answer) => cell == "ok" ? answer : s_codes.TryGetValue(cell, out string? text) ? text : cell.Replace(':', ' ');

    /// <summary>The answer that a scope must get.</summary>
    public static string ExpectedOf(AccessRow row, string scope) => row.OAuth switch
    {
        "any" => row.Answer,
        "FB" or "AR" or "AM" => s_codes[row.OAuth],
        _ => row.OAuth.Split(',').Any(name => name == scope || (name == "generic" && scope == "chat")) ? row.Answer : s_codes["SM"],
    };
}

/// <summary>A method with an input.</summary>
/// <param name="Name">The method, and a word for the input where it has several rows.</param>
/// <param name="Method">The method.</param>
/// <param name="Verb">Its verb.</param>
internal sealed record AccessRow(string Name, string Method, HttpMethod Verb)
{
    /// <summary>Query, JSON or media type.</summary>
    public required string? Input { get; init; }

    /// <summary>What a caller gets who is let in.</summary>
    public required string Answer { get; init; }

    /// <summary>The answer to each kind of credential.</summary>
    public required IReadOnlyDictionary<string, string> Cells { get; init; }

    /// <summary>The last column.</summary>
    public required string OAuth { get; init; }

    public required bool IsSpent { get; init; }

    /// <summary>The service of <c>rpc</c> scopes.</summary>
    public required string Service { get; init; }

    /// <summary>The method of <c>rpc</c> scopes.</summary>
    public required string ScopedMethod { get; init; }

    public bool HasJson => Input?.StartsWith('{') is true;

    public JsonObject? Json(Func<string, string> fill) => HasJson ? JsonNode.Parse(fill(Input!))!.AsObject() : null;

    public override string ToString() => Name;
}
