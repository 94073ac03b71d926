package simulate

import (
	"path/filepath"
	"strings"
	"testing"
)

// The indicator catalogue: 46 scored indicators, 10 diagnostics, 6 measures of integrity.
const catalogue = `active_flow_rate dormant_storage_share flow_turnover mount_rate cross_line_flow_share backflow_on_time_rate time_to_first_use
reply_on_time_rate delivery_on_time_rate catalog_update_on_time_rate update_on_time_rate freshness_index propagation_lag
reuse_rate reuse_h_index scenario_coverage recombination_rate demand_fulfilment_rate duplicate_collection_rate matter_support_rate
rule_pass_rate correction_on_time_rate defect_recurrence_rate double_check_coverage detail_retention_rate interface_conformance_rate
entity_link_coverage linked_consistency_rate external_fusion_rate
guarantee_mechanism_index proactive_supply_rate incentive_realisation_rate compliant_use_rate
data_post_match_rate soft_hard_ratio operation_spend_share software_iteration_age coordination_effect_rate off_platform_flow_share
budget_execution_rate dual_monitor_gap target_attainment_score target_differentiation_index unit_share_cost result_application_rate satisfaction
flow_network_density flow_concentration_hhi request_cycle_wd flow_funnel trigger_mix disuse_decay_gap reproduction_depth talent_retention dea_efficiency duplicate_operators
effective_ratio self_share period_end_spike robot_share empty_share log_coverage`

func TestEveryIndicatorHasATruth(t *testing.T) {
	sheet, err := ReadTruths(filepath.Join(sampleDir, TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	planted := map[string]bool{}
	ids := map[string]bool{}
	for _, truth := range sheet.Truths {
		if ids[truth.ID] || truth.Planted.Zh == "" || truth.Planted.En == "" || len(truth.Expect) == 0 {
			t.Errorf("truth %q is incomplete or repeated", truth.ID)
		}
		ids[truth.ID] = true
		for _, id := range truth.Indicators {
			planted[id] = true
		}
	}
	for _, id := range strings.Fields(catalogue) {
		if !planted[id] {
			t.Errorf("nothing is planted for %s", id)
		}
		delete(planted, id)
	}
	for id := range planted {
		t.Errorf("%s is not in the catalogue", id)
	}
}
