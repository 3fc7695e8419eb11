# A cluster whose nodes' syslog goes to Log Analytics: what aks-auditd needs on Azure, and nothing else.

resource "azurerm_resource_group" "this" {
  name     = var.name
  location = var.location
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = var.name
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  sku                 = "PerGB2018"
  retention_in_days   = var.retention_days
  daily_quota_gb      = var.daily_quota_gb
}

# For the image of aks-auditd. The nodes may pull from it, and need no secret for that.
resource "azurerm_container_registry" "this" {
  name                = var.name
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  sku                 = "Basic"
}

resource "azurerm_role_assignment" "nodes_pull" {
  scope                            = azurerm_container_registry.this.id
  role_definition_name             = "AcrPull"
  principal_id                     = azurerm_kubernetes_cluster.this.kubelet_identity[0].object_id
  skip_service_principal_aad_check = true
}

resource "azurerm_kubernetes_cluster" "this" {
  name                = var.name
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  dns_prefix          = var.name

  default_node_pool {
    name       = "system"
    vm_size    = var.node_size
    node_count = var.node_count
    os_sku     = var.node_os
  }

  # Demanded since version 5 of the provider: the pool above is all there is, no node provisions itself.
  node_provisioning_profile {
    mode = "Manual"
  }

  identity {
    type = "SystemAssigned"
  }

  # Container Insights: its agent listens on each node for the syslog that rsyslog forwards. What it collects is said by the rule below, which takes
  # authentication by managed identity.
  oms_agent {
    log_analytics_workspace_id      = azurerm_log_analytics_workspace.this.id
    msi_auth_for_monitoring_enabled = true
  }
}

# What Container Insights collects, and where to. The name is the one that Azure's own tools give it.
resource "azurerm_monitor_data_collection_rule" "this" {
  name                = "MSCI-${var.location}-${var.name}"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  kind                = "Linux"
  description         = "Audit events of the nodes by syslog, and the events container's output"

  data_sources {
    syslog {
      name           = "audit"
      streams        = ["Microsoft-Syslog"]
      facility_names = var.syslog_facilities
      # audisp-syslog writes at LOG_INFO.
      log_levels = ["Info", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"]
    }

    # ContainerLogV2 has the output of containers, so of the events container where it is on; KubeNodeInventory the nodes, so that silent ones are found. Of
    # all the namespaces only ours: the rest is not this demonstration's to pay for.
    extension {
      name           = "ContainerInsightsExtension"
      extension_name = "ContainerInsights"
      streams        = ["Microsoft-ContainerLogV2", "Microsoft-KubePodInventory", "Microsoft-KubeNodeInventory"]
      extension_json = jsonencode({
        dataCollectionSettings = {
          interval               = "1m"
          namespaceFilteringMode = "Include"
          namespaces             = ["aks-auditd"]
          enableContainerLogV2   = true
        }
      })
    }
  }

  destinations {
    log_analytics {
      name                  = "workspace"
      workspace_resource_id = azurerm_log_analytics_workspace.this.id
    }
  }

  data_flow {
    streams      = ["Microsoft-Syslog"]
    destinations = ["workspace"]
  }

  data_flow {
    streams      = ["Microsoft-ContainerLogV2", "Microsoft-KubePodInventory", "Microsoft-KubeNodeInventory"]
    destinations = ["workspace"]
  }
}

# Without it the cluster does not know of the rule. Container Insights looks for this name.
resource "azurerm_monitor_data_collection_rule_association" "this" {
  name                    = "ContainerInsightsExtension"
  target_resource_id      = azurerm_kubernetes_cluster.this.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.this.id
}
