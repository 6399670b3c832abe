using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.Repositories;

/// <summary>A repository of 100,000 records goes in, out and in again, in memory that is a small part of it.</summary>
internal sealed class LargeRepositoryTests : PdsTest
{
    private const int Records = 100_000;
    private const int Megabyte = 1024 * 1024;

    /// <summary>16 bytes for each block, twice while the list grows; rows under way; buffers of client and server.</summary>
    private const long MaxGrowth = 24 * Megabyte;

    private static readonly string Text = new('x', 400);

    private readonly LiveMemory _memory = new();

    [Test]
    public async Task ImportAndExport_OfAHundredThousandRecords_TakeLittleMemoryAndKeepTheTree()
    {
        ForeignIdentity mover = await Pds.CreateForeignIdentityAsync("large.test");
        using AccountClient alice = await mover.MoveInAsync();
        string given = Path.Combine(Pds.Directory, "given.car");
        string exported = Path.Combine(Pds.Directory, "exported.car");
        byte[] empty = new ImportArchive(alice.Did, mover.Signing).ToCar();
        Cid root = Make(given, new ImportArchive(alice.Did, mover.Signing));
        await ImportAsync(alice, new MemoryStream(empty));    // whatever is made on first use
        _memory.Begin();

        await ImportAsync(alice, File.OpenRead(given));
        long import = _memory.Highest;
        (Cid Root, int Blocks) export = await ExportAsync(alice, exported);
        await ImportAsync(alice, new MemoryStream(empty));
        Cid cleared = (await ExportAsync(alice, Path.Combine(Pds.Directory, "empty.car"))).Root;
        await ImportAsync(alice, File.OpenRead(exported));
        (Cid Root, int Blocks) again = await ExportAsync(alice, exported);

        long size = new FileInfo(given).Length;
        TestContext.Out.WriteLine(
            $"{size / Megabyte} MB in and out; live memory grew by at most {import / 1024} KB in the import, {_memory.Highest / 1024} KB at all, in {_memory.Samples} looks; RSS {Environment.WorkingSet / Megabyte} MB");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(export.Root, Is.EqualTo(root));
            Assert.That(cleared, Is.Not.EqualTo(root));
            Assert.That(again, Is.EqualTo(export));
            Assert.That(export.Blocks, Is.GreaterThan(Records));
            Assert.That(size, Is.GreaterThan(2 * MaxGrowth), "otherwise the limit says nothing");
            Assert.That(_memory.Samples, Is.GreaterThan(20));
            Assert.That(_memory.Highest, Is.LessThan(MaxGrowth));
        }
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?> { ["LOG_LEVEL"] = "info" },
        services => services.AddLogging(logging => logging.ClearProviders().AddProvider(_memory)));

    /// <summary>Writes the archive; nothing of it stays in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Cid Make(string path, ImportArchive archive)
    {
        for (int i = 0; i < Records; i++)
        {
            archive.Add($"{ImportArchive.Collection}/r{i:d9}", DataMap.FromJson(Encoding.UTF8.GetBytes($$"""{"$type":"{{ImportArchive.Collection}}","n":{{i}},"text":"{{Text}}"}""")).Cbor.ToArray());
        }

        File.WriteAllBytes(path, archive.ToCar());
        return archive.BuildTree().Root;
    }

    private async Task ImportAsync(AccountClient account, Stream car)
    {
        using var content = new StreamContent(new Watched(car, _memory));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.ipld.car");
        HttpResponseMessage response = await account.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.importRepo", UriKind.Relative), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    private async Task<(Cid Root, int Blocks)> ExportAsync(AccountClient account, string path)
    {
        using HttpResponseMessage response = await account.Http.GetAsync(
            new Uri($"/xrpc/com.atproto.sync.getRepo?did={account.Did}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using (FileStream file = File.Create(path))
        {
            await new Watched(await response.Content.ReadAsStreamAsync(), _memory).CopyToAsync(file);
        }

        await using FileStream read = File.OpenRead(path);
        CarReader car = await CarReader.OpenAsync(System.IO.Pipelines.PipeReader.Create(read), new CarLimits(), CancellationToken.None);
        Commit? commit = null;
        int count = 0;
        await foreach (Block block in car.ReadBlocksAsync(CancellationToken.None))
        {
            commit ??= Commit.Decode(block.Bytes);    // the commit comes first
            count++;
        }

        return (commit!.Data, count);
    }

    /// <summary>Looks at the memory that is in use, whenever something that is watched moves on; the server tells by its log of its own progress.</summary>
    private sealed class LiveMemory : ILoggerProvider, ILogger
    {
        private const int ImportProgress = 2032;

        private long _before = long.MaxValue;

        public long Highest { get; private set; }

        public int Samples { get; private set; }

        public void Begin() => _before = GC.GetTotalMemory(forceFullCollection: true);

        public void Look()
        {
            if (_before < long.MaxValue)
            {
                Highest = Math.Max(Highest, GC.GetTotalMemory(forceFullCollection: true) - _before);
                Samples++;
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == ImportProgress)
            {
                Look();
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A stream that looks at the memory every eight megabytes.</summary>
    private sealed class Watched(Stream inner, LiveMemory memory) : Stream
    {
        private const int Step = 8 * Megabyte;

        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Note(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Note(await inner.ReadAsync(buffer, cancellationToken));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }

        private int Note(int count)
        {
            long before = _read;
            _read += count;
            if (before / Step != _read / Step)
            {
                memory.Look();
            }

            return count;
        }
    }
}
