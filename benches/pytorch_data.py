"""PyTorch's side of benches/data.ts: reads lines "KIND WORKERS", answers each with a JSON line: items a second, of one epoch.

usage: python pytorch_data.py PHOTOS        (needs: pip install torch torchvision)
"""
import json, sys, time, warnings
import torch, torchvision, torchvision.transforms as T
warnings.filterwarnings("ignore"); torch.set_num_threads(2); torch.manual_seed(0)

class Digits(torchvision.datasets.MNIST):
    """As many gray images in memory as the package ships of MNIST, of random pixels."""
    def __init__(self, transform):
        self.data = torch.randint(0, 256, (9000, 28, 28), dtype=torch.uint8); self.targets = torch.randint(0, 10, (9000,)); self.transform = transform; self.target_transform = None

NORMAL = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
SETS = {
    "gray": lambda: (Digits(T.ToTensor()), 100),
    "gray-augmented": lambda: (Digits(T.Compose([T.RandomCrop(28, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize([0.5], [0.5])])), 100),
    "photos": lambda: (torchvision.datasets.ImageFolder(sys.argv[1], T.Compose([T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(*NORMAL)])), 32),
    "memory": lambda: (torch.utils.data.TensorDataset(torch.rand(10000, 3, 32, 32), torch.randint(0, 2, (10000,))), 64),
}

class CifarNet(torch.nn.Module):
    def __init__(s):
        super().__init__(); nn = torch.nn; s.conv1 = nn.Conv2d(3, 16, 3, padding=1); s.conv2 = nn.Conv2d(16, 8, 3, padding=1); s.fc1 = nn.Linear(512, 32); s.fc2 = nn.Linear(32, 2)
    def forward(s, x):
        F = torch.nn.functional; o = F.max_pool2d(torch.tanh(s.conv1(x)), 2); o = F.max_pool2d(torch.tanh(s.conv2(o)), 2); return s.fc2(torch.tanh(s.fc1(o.view(-1, 512))))

def epoch(kind, workers):
    data, batch = SETS["memory" if kind == "cifar-epoch" else kind]()
    loader = torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True, num_workers=workers)
    model = CifarNet(); opt = torch.optim.SGD(model.parameters(), 1e-2); loss = torch.nn.CrossEntropyLoss()
    start, n = time.perf_counter(), 0
    for x, y in loader:
        n += len(x)
        if kind == "cifar-epoch": opt.zero_grad(); l = loss(model(x), y); l.backward(); opt.step()
    return n / (time.perf_counter() - start)

for line in sys.stdin:
    kind, workers = line.split()
    print(json.dumps({"per_second": epoch(kind, int(workers))}), flush=True)
