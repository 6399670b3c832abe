namespace Pds.Domain.Sync;
/// wire frames of subscribeRepos (spec 03 §3-§4): header map + body map, canonical
public static class EventFrame
{
    public static byte[] Encode(RepoEvent repoEvent, long seq, DateTimeOffset time) => throw new NotImplementedException();
    public static byte[] Info(string name, string message) => throw new NotImplementedException();
    public static byte[] Error(string error, string message) => throw new NotImplementedException();
}
