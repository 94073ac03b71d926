/*
name: mart_off_platform
label: {zh: 当月发现的平台外流转, en: exchange outside the platform found in the month}
events: {off_platform_flow: [0, 0]}
columns:
  - {name: flow_id, type: VARCHAR, zh: 流转标识, en: flow identifier}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: consumer_id, type: VARCHAR, ref: department, zh: 使用部门, en: consuming department}
  - {name: title, type: VARCHAR, zh: 数据内容, en: what was exchanged}
  - {name: means, type: VARCHAR, zh: 交换方式, en: means of exchange}
  - {name: found_at, type: TIMESTAMP, zh: 发现时间, en: found}
  - {name: ended_at, type: TIMESTAMP, zh: 停止时间, en: ended}
*/
SELECT flow_id, provider_id, consumer_id, title, means, found_at, ended_at
FROM off_platform_flow
WHERE found_at >= $period_start AND found_at < $period_end
ORDER BY flow_id
