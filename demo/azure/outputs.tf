output "get_credentials" {
  description = "Lets kubectl and helm talk to the cluster."
  value       = "az aks get-credentials --resource-group ${azurerm_resource_group.this.name} --name ${azurerm_kubernetes_cluster.this.name}"
}

output "registry" {
  description = "Where the image goes."
  value       = azurerm_container_registry.this.login_server
}

output "workspace_id" {
  description = "For az monitor log-analytics query --workspace."
  value       = azurerm_log_analytics_workspace.this.workspace_id
}
