/*
 * What exporters of several versions write: names, labels and their order as they print them; values, hosts, pods and numbers made
 * up. Of each only a few metrics.
 */

/** gpu-monitoring-tools and dcgm-exporter 1.x: lower case, no pods, `uuid`. */
export const DCGM_1 = `# HELP dcgm_gpu_temp GPU temperature (in C).
# TYPE dcgm_gpu_temp gauge
dcgm_gpu_temp{gpu="0",uuid="GPU-1a000000-0000-4000-8000-000000000001"} 34
# HELP dcgm_gpu_utilization GPU utilization (in %).
# TYPE dcgm_gpu_utilization gauge
dcgm_gpu_utilization{gpu="0",uuid="GPU-1a000000-0000-4000-8000-000000000001"} 37
# HELP dcgm_xid_errors Value of the last XID error encountered.
# TYPE dcgm_xid_errors gauge
dcgm_xid_errors{gpu="0",uuid="GPU-1a000000-0000-4000-8000-000000000001"} 0
`;

/** dcgm-exporter 2.x: spaces after commas, no Hostname; a temperature that is not known. */
export const DCGM_2 = `# HELP DCGM_FI_DEV_MEMORY_TEMP Memory temperature (in C).
# TYPE DCGM_FI_DEV_MEMORY_TEMP gauge
# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_MEMORY_TEMP{gpu="0", UUID="GPU-2a000000-0000-4000-8000-000000000001"} 9223372036854775794
DCGM_FI_DEV_GPU_UTIL{gpu="0", UUID="GPU-2a000000-0000-4000-8000-000000000001",container="",namespace="",pod=""} 0
DCGM_FI_DEV_GPU_UTIL{gpu="1", UUID="GPU-2a000000-0000-4000-8000-000000000002",container="miner",namespace="ml",pod="miners-0"} 98
`;

/** dcgm-exporter 2.x told to write the old pod labels (`--use-old-namespace`). */
export const DCGM_OLD_POD_LABELS = `# HELP DCGM_FI_PROF_GR_ENGINE_ACTIVE Ratio of time the graphics engine is active (in %).
# TYPE DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",uuid="GPU-2b000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA A100 80GB PCIe",container_name="train",pod_name="train-0",pod_namespace="lab"} 0.250000
`;

/** dcgm-exporter 3.3: both utilisations, pods, XID with its text. */
export const DCGM_3 = `# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-3a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-node-17",DCGM_FI_DRIVER_VERSION="550.54.15",container="miner",namespace="ml",pod="miners-3"} 100
DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-3a000000-0000-4000-8000-000000000002",device="nvidia1",modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-node-17",DCGM_FI_DRIVER_VERSION="550.54.15"} 0
# HELP DCGM_FI_DEV_XID_ERRORS Value of the last XID error encountered.
# TYPE DCGM_FI_DEV_XID_ERRORS gauge
DCGM_FI_DEV_XID_ERRORS{gpu="0",UUID="GPU-3a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-node-17",DCGM_FI_DRIVER_VERSION="550.54.15",container="miner",namespace="ml",pod="miners-3",err_code="79",err_msg="GPU has fallen off the bus"} 79
DCGM_FI_DEV_XID_ERRORS{gpu="1",UUID="GPU-3a000000-0000-4000-8000-000000000002",device="nvidia1",modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-node-17",DCGM_FI_DRIVER_VERSION="550.54.15",err_code="0",err_msg="No Error"} 0
# HELP DCGM_FI_PROF_GR_ENGINE_ACTIVE Ratio of time the graphics engine is active.
# TYPE DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-3a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-node-17",DCGM_FI_DRIVER_VERSION="550.54.15",container="miner",namespace="ml",pod="miners-3"} 0.941273
`;

/** dcgm-exporter of 2026: pci_bus_id, hostname in lower case, pod_uid where asked for; a GPU in time slices. */
export const DCGM_2026 = `# HELP DCGM_FI_PROF_GR_ENGINE_ACTIVE Ratio of time the graphics engine is active.
# TYPE DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-4a000000-0000-4000-8000-000000000001",pci_bus_id="00000000:1B:00.0",device="nvidia0",modelName="Tesla T4",hostname="t4-1",container="main",namespace="default",pod="shared-a",pod_uid="0b9f5c62-8c1e-4a8e-9c5d-6f8f0c1d2e3f",vgpu="0"} 0.714
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-4a000000-0000-4000-8000-000000000001",pci_bus_id="00000000:1B:00.0",device="nvidia0",modelName="Tesla T4",hostname="t4-1",container="main",namespace="default",pod="shared-a",pod_uid="0b9f5c62-8c1e-4a8e-9c5d-6f8f0c1d2e3f",vgpu="1"} 0.714
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-4a000000-0000-4000-8000-000000000001",pci_bus_id="00000000:1B:00.0",device="nvidia0",modelName="Tesla T4",hostname="t4-1",container="main",namespace="default",pod="shared-b",pod_uid="5d1c8a40-52c7-4b59-8f5e-2b7a9d3e4f50",vgpu="2"} 0.714
`;

/** MIG on A100, as an exporter writes it that is told to watch whole GPUs too; GPU_UTIL is 0 for instances. */
export const DCGM_MIG = `# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-5a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",Hostname="mig-1",container="a",namespace="ml",pod="slice-0"} 0
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-5a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="1g.10gb",GPU_I_ID="9",Hostname="mig-1",container="b",namespace="ml",pod="slice-1"} 0
# HELP DCGM_FI_PROF_GR_ENGINE_ACTIVE Ratio of time the graphics engine is active.
# TYPE DCGM_FI_PROF_GR_ENGINE_ACTIVE gauge
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-5a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",Hostname="mig-1",container="a",namespace="ml",pod="slice-0"} 0.400000
DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-5a000000-0000-4000-8000-000000000001",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",Hostname="mig-1",container="a",namespace="ml",pod="slice-0"} 0.875000
`;

/** AMD device-metrics-exporter 1.3 on MI300X, whole GPUs and GPUs in partitions. */
export const AMD_MI300X = `# HELP gpu_gfx_activity Graphics engine usage in Percentage (0-100)
# TYPE gpu_gfx_activity gauge
gpu_gfx_activity{card_model="102-G30211-0C",card_series="AMD Instinct MI300X OAM",card_vendor="AMD",cluster_name="",container="workload",driver_version="6.12.12",gpu_compute_partition_type="spx",gpu_id="0",gpu_memory_partition_type="nps1",gpu_partition_id="0",gpu_uuid="3dff74a1-0000-1000-80d3-000000000001",hostname="mi300-1",job_id="",job_partition="",job_user="",namespace="default",pod="trainer-0",serial_number="692400000001"} 96
gpu_gfx_activity{card_model="102-G30211-0C",card_series="AMD Instinct MI300X OAM",card_vendor="AMD",cluster_name="",container="",driver_version="6.12.12",gpu_compute_partition_type="spx",gpu_id="1",gpu_memory_partition_type="nps1",gpu_partition_id="0",gpu_uuid="3dff74a1-0000-1000-80d3-000000000002",hostname="mi300-1",job_id="",job_partition="",job_user="",namespace="",pod="",serial_number="692400000002"} 0
gpu_gfx_activity{card_model="102-G30211-0C",card_series="AMD Instinct MI300X OAM",card_vendor="AMD",cluster_name="",container="w",driver_version="6.12.12",gpu_compute_partition_type="cpx",gpu_id="47",gpu_memory_partition_type="nps4",gpu_partition_id="0",gpu_uuid="c3ff74a1-0000-0000-80ff-000000000003",hostname="mi300-1",job_id="",job_partition="",job_user="",namespace="default",pod="small-0",serial_number="692400000003"} 13
# HELP gpu_umc_activity Memory engine usage in Percentage (0-100)
# TYPE gpu_umc_activity gauge
gpu_umc_activity{card_model="102-G30211-0C",card_series="AMD Instinct MI300X OAM",gpu_id="0",hostname="mi300-1",namespace="default",pod="trainer-0",serial_number="692400000001"} 55
`;

/** AMD device-metrics-exporter 1.4 with its charts' prefix: the compute dies of a GPU one by one. */
export const AMD_BUSY_DIES = `# HELP amd_gpu_gfx_busy_instantaneous Gfx busy instantaneous per accelerated compute processor(xcp) per compute core (xcc), as per partitioning of the system
# TYPE amd_gpu_gfx_busy_instantaneous gauge
amd_gpu_gfx_busy_instantaneous{card_series="AMD Instinct MI300X OAM",container="w",gpu_compute_partition_type="dpx",gpu_id="0",gpu_partition_id="0",hostname="mi300-2",namespace="default",pod="half-0",serial_number="692400000009",xcc_index="0"} 80
amd_gpu_gfx_busy_instantaneous{card_series="AMD Instinct MI300X OAM",container="w",gpu_compute_partition_type="dpx",gpu_id="0",gpu_partition_id="0",hostname="mi300-2",namespace="default",pod="half-0",serial_number="692400000009",xcc_index="1"} 40
amd_gpu_gfx_busy_instantaneous{card_series="AMD Instinct MI300X OAM",container="w",gpu_compute_partition_type="dpx",gpu_id="0",gpu_partition_id="0",hostname="mi300-2",namespace="default",pod="half-0",serial_number="692400000009",xcc_index="2"} 65535
# HELP amd_gpu_gfx_activity Graphics engine usage in Percentage (0-100)
# TYPE amd_gpu_gfx_activity gauge
amd_gpu_gfx_activity{card_series="AMD Instinct MI300X OAM",container="w",gpu_compute_partition_type="dpx",gpu_id="0",gpu_partition_id="0",hostname="mi300-2",namespace="default",pod="half-0",serial_number="692400000009"} 10
`;
