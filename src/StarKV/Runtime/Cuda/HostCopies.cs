using static TorchSharp.torch;

namespace StarKV.Runtime.Cuda;

/// <summary>
/// Copies between the host and a device that run beside the device's own work, one queue for each direction; on the CPU they are done at
/// once.
/// </summary>
/// <remarks>
/// Tensors must be contiguous, and stay alive until <see cref="Finish"/>. Not thread-safe: it belongs on the inference thread.
/// </remarks>
internal sealed class HostCopies : IDisposable
{
    private readonly bool _card;
    private readonly nint _context, _toCard, _toHost, _queued, _arrived, _left;

    /// <summary>Opens the queues.</summary>
    /// <param name="device">The device.</param>
    public HostCopies(Device device)
    {
        _card = device.type == TorchSharp.DeviceType.CUDA;
        if (!_card)
            return;
        _context = CudaDriver.Context(device.index);
        using var entered = CudaDriver.Enter(_context);
        (_toCard, _toHost) = (CopyDriver.NewStream(), CopyDriver.NewStream());
        (_queued, _arrived, _left) = (CopyDriver.NewEvent(), CopyDriver.NewEvent(), CopyDriver.NewEvent());
    }

    /// <summary>
    /// Brings numbers to the device, one piece after the other, as soon as all is done that the device was given until now.
    /// </summary>
    /// <param name="from">Pieces on the host, along the first axis.</param>
    /// <param name="to">Where they go, one behind the other.</param>
    public void ToDevice(IEnumerable<Tensor> from, Tensor to)
    {
        using var scope = NewDisposeScope();
        if (_card)
        {
            using var entered = CudaDriver.Enter(_context);
            CopyDriver.Record(_queued, 0);
            CopyDriver.Wait(_toCard, _queued);
            // What was read back from there before must have left.
            CopyDriver.Record(_left, _toHost);
            CopyDriver.Wait(_toCard, _left);
        }

        Piecewise(from, to, (piece, part) =>
        {
            if (_card)
                CopyDriver.ToCard(TensorAddress.Of(part), TensorAddress.Of(piece), Bytes(piece), _toCard);
            else
                part.copy_(piece);
        });
    }

    /// <summary>What the device is given from now on waits for all that was brought to it.</summary>
    public void AwaitArrival()
    {
        if (!_card)
            return;
        using var entered = CudaDriver.Enter(_context);
        CopyDriver.Record(_arrived, _toCard);
        CopyDriver.Wait(0, _arrived);
    }

    /// <summary>Brings numbers to the host as soon as all is done that the device was given until now.</summary>
    /// <param name="from">Where they are, one piece behind the other, along the first axis.</param>
    /// <param name="to">Pieces on the host.</param>
    public void ToHost(Tensor from, IEnumerable<Tensor> to)
    {
        using var scope = NewDisposeScope();
        if (_card)
        {
            using var entered = CudaDriver.Enter(_context);
            CopyDriver.Record(_queued, 0);
            CopyDriver.Wait(_toHost, _queued);
        }

        Piecewise(to, from, (piece, part) =>
        {
            if (_card)
                CopyDriver.ToHost(TensorAddress.Of(piece), TensorAddress.Of(part), Bytes(piece), _toHost);
            else
                piece.copy_(part);
        });
    }

    /// <summary>The host waits until all copies are done.</summary>
    public void Finish()
    {
        if (!_card)
            return;
        using var entered = CudaDriver.Enter(_context);
        CopyDriver.Finish(_toCard);
        CopyDriver.Finish(_toHost);
    }

    /// <summary>Waits for the copies and closes the queues.</summary>
    public void Dispose()
    {
        if (!_card)
            return;
        Finish();
        using var entered = CudaDriver.Enter(_context);
        CopyDriver.FreeStream(_toCard);
        CopyDriver.FreeStream(_toHost);
        CopyDriver.FreeEvent(_queued);
        CopyDriver.FreeEvent(_arrived);
        CopyDriver.FreeEvent(_left);
    }

    /// <summary>Pairs pieces with the parts of a whole that they are.</summary>
    private void Piecewise(IEnumerable<Tensor> pieces, Tensor whole, Action<Tensor, Tensor> copy)
    {
        // Copies to and from the card need its context; between its operations torch leaves another one current.
        using var entered = _card ? CudaDriver.Enter(_context) : default;
        var at = 0L;
        foreach (var piece in pieces)
        {
            copy(piece, whole.narrow(0, at, piece.shape[0]));
            at += piece.shape[0];
        }
    }

    private static long Bytes(Tensor tensor) => tensor.NumberOfElements * tensor.ElementSize;
}
