using System.Text;
using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events.Pods;

/// <summary>
/// Real /proc/PID/cgroup texts, from the tests and issues of programs that run on many clusters: kepler (sustainable-computing-io/kepler), coroot
/// (coroot/coroot-node-agent, cgroup/cgroup_test.go), spire (spiffe/spire, k8s_posix_test.go), the eBPF profiler of Grafana Alloy
/// (target discovery tests); "here" is this repository's Kubernetes test bed.
/// </summary>
public sealed class CgroupTextTests
{
    [Theory]
    // systemd driver, cgroup v2
    [InlineData("kepler: crio", "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2c9f8a79_5391_454b_88cb_86190881cb96.slice/crio-a09343ca97901516c25036e2b954421254f8c68b384b536064e8999f0c4ed18d.scope",
        "a09343ca97901516c25036e2b954421254f8c68b384b536064e8999f0c4ed18d", "2c9f8a79-5391-454b-88cb-86190881cb96")]
    [InlineData("coroot: crio, nested", "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podea19ff5d_943a_4466_a07e_a71e9e50cc62.slice/crio-21572039dd8398ff8272b031fa5422a40165145ab37f2f8794e1e7f844fe8118.scope/container",
        "21572039dd8398ff8272b031fa5422a40165145ab37f2f8794e1e7f844fe8118", "ea19ff5d-943a-4466-a07e-a71e9e50cc62")]
    [InlineData("alloy: containerd", "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podf9a04ecc_1875_491b_926c_d2f64757704e.slice/cri-containerd-47e320f795efcec1ecf2001c3a09c95e3701ed87de8256837b70b10e23818251.scope",
        "47e320f795efcec1ecf2001c3a09c95e3701ed87de8256837b70b10e23818251", "f9a04ecc-1875-491b-926c-d2f64757704e")]
    [InlineData("kepler: kind", "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod3cae2e45_052c_4b11_80d3_4d7b2d2d3464.slice/cri-containerd-2b180104511194aab36fd295d3e217439f3ddb5bc88277f37b4952abee85c40e.scope",
        "2b180104511194aab36fd295d3e217439f3ddb5bc88277f37b4952abee85c40e", "3cae2e45-052c-4b11-80d3-4d7b2d2d3464")]
    [InlineData("kepler: kind in docker", "0::/system.slice/docker-fd9d0ea06257a9780827cbc7fd92e3812a54fca26d63e191b73610d5d48b9cbd.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-podeab5a334_93fe_48a8_b139_9e8079c1f163.slice/cri-containerd-99f3a16ea25b7724cb56a4f0c0df1113ad9474fbf5545bead97fd5c7f61c13f4.scope",
        "99f3a16ea25b7724cb56a4f0c0df1113ad9474fbf5545bead97fd5c7f61c13f4", "eab5a334-93fe-48a8-b139-9e8079c1f163")]
    [InlineData("coroot: static pod", "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod3e61c214bc3ed9ff81e21474dd6cba17.slice/cri-containerd-c74b0f5062f0bc726cae1e9369ad4a95deed6b298d247f0407475adb23fa3190",
        "c74b0f5062f0bc726cae1e9369ad4a95deed6b298d247f0407475adb23fa3190", "3e61c214bc3ed9ff81e21474dd6cba17")]
    [InlineData("spire: guaranteed, hyphens", "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2c48913c-b29f-11e7-9350-020968147796.slice/docker-9bca8d63d5fa610783847915bcff0ecac1273e5b4bed3f6fa1b07350e0135961.scope",
        "9bca8d63d5fa610783847915bcff0ecac1273e5b4bed3f6fa1b07350e0135961", "2c48913c-b29f-11e7-9350-020968147796")]
    // systemd driver, v1
    [InlineData("alloy: containerd v1", "12:cpuset:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod471203d1_984f_477e_9c35_db96487ffe5e.slice/cri-containerd-a534eb629135e43beb13213976e37bb2ab95cba4c0d1d0b4e27c6bc4d8091b83.scope",
        "a534eb629135e43beb13213976e37bb2ab95cba4c0d1d0b4e27c6bc4d8091b83", "471203d1-984f-477e-9c35-db96487ffe5e")]
    [InlineData("kepler: crio v1", "1:name=systemd:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podd0511cd2_29d2_4215_be0f_f77bc0609d99.slice/crio-f93ee491b8ed2680d5a909eb098b14a9430173b57ca1c4efedd8768566d67e8e.scope",
        "f93ee491b8ed2680d5a909eb098b14a9430173b57ca1c4efedd8768566d67e8e", "d0511cd2-29d2-4215-be0f-f77bc0609d99")]
    [InlineData("coroot: docker v1", "4:memory:/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod8712f785_1a3e_41ec_a00b_e2dcc77431cb.slice/docker-73051af271105c07e1f493b34856a77e665e3b0b4fc72f76c807dfbffeb881bd.scope",
        "73051af271105c07e1f493b34856a77e665e3b0b4fc72f76c807dfbffeb881bd", "8712f785-1a3e-41ec-a00b-e2dcc77431cb")]
    // a systemd kubelet, containerd without SystemdCgroup
    [InlineData("kepler: colons", "13:memory:/system.slice/containerd.service/kubepods-besteffort-pod0043435f_1854_4327_b76b_730f681a781d.slice:cri-containerd:01fd96f7ad292b02a8317cde4ecb8c7ef3cc06ffdd113f13410e0837eb2b2a20",
        "01fd96f7ad292b02a8317cde4ecb8c7ef3cc06ffdd113f13410e0837eb2b2a20", "0043435f-1854-4327-b76b-730f681a781d")]
    [InlineData("spire: colons v2", "0::/kubepods-besteffort-pod72f7f152_440c_66ac_9084_e0fc1d8a910c.slice:cri-containerd:b2a102854b4969b2ce98dc329c86b4fb2b06e4ad2cc8da9d8a7578c9cd2004a2",
        "b2a102854b4969b2ce98dc329c86b4fb2b06e4ad2cc8da9d8a7578c9cd2004a2", "72f7f152-440c-66ac-9084-e0fc1d8a910c")]
    // cgroupfs driver
    [InlineData("kepler: v1", "11:blkio:/kubepods/burstable/podf6adb0af-0855-4bab-b25b-c853f18d0ce2/35b97177dada20362ab90d90ac63cd54e8a41cf87bea34f270631b6da17f4a93",
        "35b97177dada20362ab90d90ac63cd54e8a41cf87bea34f270631b6da17f4a93", "f6adb0af-0855-4bab-b25b-c853f18d0ce2")]
    [InlineData("coroot: guaranteed", "9:pids:/kubepods/poda38c12e8-255a-11e9-8cd9-0007cb0b2cc8/32c562ed81a2622b37b80cb216859820ba51bd694f60ee4cf10d07a4011266f8",
        "32c562ed81a2622b37b80cb216859820ba51bd694f60ee4cf10d07a4011266f8", "a38c12e8-255a-11e9-8cd9-0007cb0b2cc8")]
    [InlineData("coroot: static pod", "9:pids:/kubepods/burstable/pod9729a196c4723b60ab401eaff722982d/d166c6190614efc91956b78e96d74c3fbc96ca8e91948c36de3bc5b0e7b27d48",
        "d166c6190614efc91956b78e96d74c3fbc96ca8e91948c36de3bc5b0e7b27d48", "9729a196c4723b60ab401eaff722982d")]
    [InlineData("coroot: nested", "9:pids:/kubepods/besteffort/pod0d08203e-255a-11e9-8cd9-0007cb0b2cc8/671a50f5d60566556912f61511d0ec9e4d5c78d53fbc4676727180438bbbbc55/kube-proxy",
        "671a50f5d60566556912f61511d0ec9e4d5c78d53fbc4676727180438bbbbc55", "0d08203e-255a-11e9-8cd9-0007cb0b2cc8")]
    [InlineData("coroot: crio", "9:pids:/kubepods/poda48c12e8-255a-11e9-8cd9-0007cb0b2cc8/crio-63425c4a8b4291744a79dd9011fddc7a1f8ffda61f65d72196aa01d00cae2e2e",
        "63425c4a8b4291744a79dd9011fddc7a1f8ffda61f65d72196aa01d00cae2e2e", "a48c12e8-255a-11e9-8cd9-0007cb0b2cc8")]
    [InlineData("spire: docker for desktop", "9:pids:/kubepods/kubepods/besteffort/pod6bd2a4d3-a55a-4450-b6fd-2a7ecc72c904/a55d9ac3b312d8a2627824b6d6dd8af66fbec439bf4e0ec22d6d9945ad337a38",
        "a55d9ac3b312d8a2627824b6d6dd8af66fbec439bf4e0ec22d6d9945ad337a38", "6bd2a4d3-a55a-4450-b6fd-2a7ecc72c904")]
    [InlineData("spire: kind", "9:pids:/docker/93529524695bb00d91c1f6dba692ea8d3550c3b94fb2463af7bc9ec82f992d26/kubepods/besteffort/poda2830d0d-b0f0-4ff0-81b5-0ee4e299cf80/09bc3d7ade839efec32b6bec4ec79d099027a668ddba043083ec21d3c3b8f1e6",
        "09bc3d7ade839efec32b6bec4ec79d099027a668ddba043083ec21d3c3b8f1e6", "a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80")]
    // in no pod
    [InlineData("kepler: docker", "13:hugetlb:/system.slice/docker-2fa3e04b676df750842faf017052dd37ea0cc5bc7259a3487a1718c7fe100c94.scope",
        "2fa3e04b676df750842faf017052dd37ea0cc5bc7259a3487a1718c7fe100c94", "")]
    [InlineData("coroot: docker", "4:memory:/docker/b43d92bf1e5c6f78bb9b7bc6f40721280299855ba692092716e3a1b6c0b86f3f",
        "b43d92bf1e5c6f78bb9b7bc6f40721280299855ba692092716e3a1b6c0b86f3f", "")]
    [InlineData("kepler: podman", "0::/machine.slice/libpod-06dc5f321aad8726aa26559f16ec203bc099245bc44894b14a89fc02b022d1d5.scope/container",
        "06dc5f321aad8726aa26559f16ec203bc099245bc44894b14a89fc02b022d1d5", "")]
    [InlineData("kepler: podman quadlet", "0::/system.slice/kepler.service/libpod-payload-8e363eb2287da4ccc9f52ffc5de11252ac5fe707e3ddb917a3c0bdf9bb64165b",
        "8e363eb2287da4ccc9f52ffc5de11252ac5fe707e3ddb917a3c0bdf9bb64165b", "")]
    // a process that ended while its group went
    [InlineData("deleted", "0::/kubepods.slice/kubepods-podd80f4a0e_576f_47a8_a0cf_69dc23dc1980.slice/cri-containerd-c74b0f5062f0bc726cae1e9369ad4a95deed6b298d247f0407475adb23fa3190.scope (deleted)",
        "c74b0f5062f0bc726cae1e9369ad4a95deed6b298d247f0407475adb23fa3190", "d80f4a0e-576f-47a8-a0cf-69dc23dc1980")]
    public void Read_ContainersGroup_GivesItsIdAndPod(string source, string line, string id, string podUid)
    {
        Assert.NotEmpty(source);
        Assert.Equal((ProcessPlace.Container, id, podUid), Read(line + "\n"));
        Assert.Equal((ProcessPlace.Container, id, podUid), Read($"3:cpuset:/\n{line}\n0::/\n"));
    }

    [Theory]
    [InlineData("0::/\n")]
    [InlineData("0::/init.scope\n")]
    [InlineData("0::/user.slice/user-1000.slice/session-1.scope\n")]
    [InlineData("0::/system.slice/docker.service\n")]
    [InlineData("0::/podruntime/runtime\n")]
    [InlineData("0::/runtime.slice/kubelet.service\n")]
    [InlineData("4:memory:/lxc/mysql-primary-db\n")]
    // a pod's own group: no container's
    [InlineData("0::/kubepods/besteffort/poda2830d0d-b0f0-4ff0-81b5-0ee4e299cf80\n")]
    // CRI-O's and podman's monitors of a container, on the node
    [InlineData("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0b7632a2_a56e_4278_987a_22de18008dbe.slice/crio-conmon-0bc5eac79e3ae7a0c2651f14722aa10fa333eb2325c2ca97da33aa284cda81b0.scope\n")]
    [InlineData("0::/system.slice/crio-conmon-0bc5eac79e3ae7a0c2651f14722aa10fa333eb2325c2ca97da33aa284cda81b0.scope\n")]
    [InlineData("0::/machine.slice/libpod-conmon-0bc5eac79e3ae7a0c2651f14722aa10fa333eb2325c2ca97da33aa284cda81b0.scope\n")]
    // a mount unit that names a container
    [InlineData("0::/system.slice/var-lib-docker-overlay2-0bc5eac79e3ae7a0c2651f14722aa10fa333eb2325c2ca97da33aa284cda81b0-merged.mount\n")]
    // here: the machine's own
    [InlineData("9:name=systemd:/\n8:pids:/\n4:memory:/process_api/76934259cd2d0ebb680cb4867136b691\n0::/\n")]
    public void Read_NodesGroup_IsTheHost(string text) => Assert.Equal((ProcessPlace.Host, "", ""), Read(text));

    [Theory]
    [InlineData("alloy", "0::/../../kubepods-besteffort-pod88f6f4e3_59c0_4ce8_9ecf_391c8b5a60ad.slice/docker-656959d9ee87a0b131c601ce9d9f8f76b1dda60e8608c503b5979d849cbdc714.scope\n",
        "656959d9ee87a0b131c601ce9d9f8f76b1dda60e8608c503b5979d849cbdc714", "88f6f4e3-59c0-4ce8-9ecf-391c8b5a60ad")]
    [InlineData("spire", "0::/../../../burstable/pod095e82d2-713c-467a-a18a-cbb50a075296/6d1234da0f5aa7fa0ccae4c7d2d109929eb9a81694e6357bcd4547ab3985911b\n",
        "6d1234da0f5aa7fa0ccae4c7d2d109929eb9a81694e6357bcd4547ab3985911b", "095e82d2-713c-467a-a18a-cbb50a075296")]
    [InlineData("spire: the same pod's other container", "0::/../crio-45490e76e0878aaa4d9808f7d2eefba37f093c3efbba9838b6d8ab804d9bd814.scope\n",
        "45490e76e0878aaa4d9808f7d2eefba37f093c3efbba9838b6d8ab804d9bd814", "")]
    public void Read_FromAnotherNamespace_GivesWhatThePathSays(string source, string text, string id, string podUid)
    {
        Assert.NotEmpty(source);
        Assert.Equal((ProcessPlace.Container, id, podUid), Read(text, initialNamespace: false));
    }

    [Theory]
    [InlineData("0::/../../../user.slice/user-501.slice/session-3.scope\n", ProcessPlace.Host)]
    [InlineData("0::/../../..\n", ProcessPlace.Host)]
    [InlineData("0::/\n", ProcessPlace.Unknown)]
    [InlineData("0::/nested\n", ProcessPlace.Unknown)]
    [InlineData("4:memory:/../../..\n0::/\n", ProcessPlace.Host)]
    internal void Read_FromAnotherNamespace_OwnGroupIsNotTheHost(string text, ProcessPlace expected) =>
        Assert.Equal((expected, "", ""), Read(text, initialNamespace: false));

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("no colons")]
    [InlineData("0::relative\n")]
    // two containers at once: between two moves, or no truth at all
    [InlineData("9:pids:/docker/b43d92bf1e5c6f78bb9b7bc6f40721280299855ba692092716e3a1b6c0b86f3f\n8:memory:/docker/32c562ed81a2622b37b80cb216859820ba51bd694f60ee4cf10d07a4011266f8\n")]
    public void Read_SaysNothing_IsUnknown(string text) => Assert.Equal((ProcessPlace.Unknown, "", ""), Read(text));

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        string[] pieces = ["0::", "/", "pod", "kubepods", "-pod", ".slice", ".scope", ":", "\n", "crio-", "conmon", "a2830d0d-b0f0-4ff0-81b5-0ee4e299cf80", new('a', 64), " (deleted)", "..", "\0", "é", "9:pids:"];
        for (int i = 0; i < 20_000; i++)
        {
            StringBuilder text = new();
            for (int n = random.Next(12); n > 0; n--) text.Append(pieces[random.Next(pieces.Length)]);
            byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
            if (bytes.Length > 0 && random.Next(2) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ProcessPlace place = CgroupText.Read(bytes, random.Next(2) == 0, out CgroupContainer container);
            Assert.True(place == ProcessPlace.Container == (container.Id.Length == 64), $"seed {seed}, pass {i}");
            Assert.True(container.PodUid.Length <= 128, $"seed {seed}, pass {i}");
        }
    }

    private static (ProcessPlace, string, string) Read(string text, bool initialNamespace = true)
    {
        ProcessPlace place = CgroupText.Read(Encoding.UTF8.GetBytes(text), initialNamespace, out CgroupContainer container);
        return (place, Encoding.UTF8.GetString(container.Id), PodUids.ToCanonical(container.PodUid));
    }
}
