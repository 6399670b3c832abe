using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Pds.Server.Hosting;

/// <summary>
/// The memory that connections receive into and send from, in blocks four times as large as the server's own: each block is a system call and a
/// turn of the pipe, of which a blob or a repository takes hundreds. A connection that waits for a request holds none.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>
{
    private const int BlockBytes = 16 * 1024;

    /// <summary>So many stay for the next ones: 8 MiB.</summary>
    private const int MaxIdle = 512;

    private readonly ConcurrentQueue<Block> _idle = new();

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return _idle.TryDequeue(out Block? block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => _idle.Clear();

    private void Return(Block block)
    {
        if (_idle.Count < MaxIdle)
        {
            _idle.Enqueue(block);
        }
    }

    private sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } =
            MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }
}

/// <summary>Makes the pools that Kestrel asks for.</summary>
internal sealed class ConnectionMemoryFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionMemory();
}
