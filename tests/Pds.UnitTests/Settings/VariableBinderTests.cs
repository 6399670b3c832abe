using System.Reflection;
using Pds.Application.DependencyInjection;
using Pds.Application.Settings;
using Pds.Infrastructure.S3;
using Pds.Server.Hosting;

namespace Pds.UnitTests.Settings;

internal sealed class VariableBinderTests
{
    private static IEnumerable<TestCaseData> Members =>
        from settings in SettingsDocuments.All
        from pair in VariableBinder.MembersOf(settings.Type)
        select new TestCaseData(settings.Type, pair.Member.Name, pair.Variable.Name).SetArgDisplayNames(pair.Variable.Name);

    [TestCaseSource(nameof(Members))]
    public void Bind_OfAVariable_SetsItsMemberAndNothingElse(Type type, string member, string variable)
    {
        PropertyInfo property = type.GetProperty(member)!;
        object settings = Activator.CreateInstance(type)!;
        SettingReader reader = new(new Dictionary<string, string> { [variable] = ValueFor(property, settings) });

        reader.Bind(settings);

        object untouched = Activator.CreateInstance(type)!;
        Assert.That(reader.Faults, Is.Empty);
        Assert.That(property.GetValue(settings), Is.Not.EqualTo(property.GetValue(untouched)));
        foreach ((PropertyInfo other, _) in VariableBinder.MembersOf(type).Where(pair => pair.Member.Name != member && !Follows(pair.Member.Name)))
        {
            Assert.That(other.GetValue(settings), Is.EqualTo(other.GetValue(untouched)), other.Name);
        }
    }

    [TestCase("PDS_DID_CACHE_STALE_TTL", "PDS_DID_CACHE_MAX_TTL")]
    [TestCase("PDS_DID_CACHE_MAX_TTL", "PDS_DID_CACHE_STALE_TTL")]
    public void Bind_WhenHalfOfAPairCannotBeRead_IsOneFault(string unread, string partner)
    {
        IdentitySettings settings = new();
        SettingReader reader = new(new Dictionary<string, string> { [unread] = "soon", [partner] = "60000" });

        reader.Bind(settings);

        Assert.That(reader.Faults, Is.EqualTo(new[] { $"{unread} must be a whole number, written in digits." }));
        Assert.That(IdentitySettingsValidator.FindFaults(settings), Is.Empty);
    }

    [Test]
    public void Bind_OfZeroThatStandsForTheDefault_LeavesTheDefault()
    {
        S3BlobOptions settings = new();

        new SettingReader(new Dictionary<string, string> { ["PDS_BLOBSTORE_S3_UPLOAD_TIMEOUT_MS"] = "0" }).Bind(settings);

        Assert.That(settings.UploadTimeout, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Apply_WhenAnS3VariableCannotBeRead_TellsItWithTheOthers()
    {
        PdsEnvironment environment = PdsEnvironment.Read(new Dictionary<string, string?>
        {
            ["PDS_HOSTNAME"] = "pds.example.com",
            ["PDS_BLOBSTORE_S3_BUCKET"] = "blobs",
            ["PDS_BLOBSTORE_S3_ENDPOINT"] = "nowhere",
            ["PDS_PORT"] = "many",
        });

        environment.Apply(new PdsOptions());

        Assert.That(environment.Faults, Has.Count.EqualTo(2).And.One.StartsWith("PDS_BLOBSTORE_S3_ENDPOINT").And.One.StartsWith("PDS_PORT"));
    }

    /// <summary>Its default is another member's value.</summary>
    private static bool Follows(string member) => member is nameof(ServerSettings.DisableSsrfProtection);

    private static string ValueFor(PropertyInfo property, object settings) => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
    {
        var type when type == typeof(bool) => (bool)property.GetValue(settings)! ? "false" : "true",
        var type when type == typeof(Uri) || type == typeof(IList<Uri>) => "https://example.com",
        var type when type == typeof(string) || type == typeof(IList<string>) => "something",
        _ => "7654321",
    };
}
