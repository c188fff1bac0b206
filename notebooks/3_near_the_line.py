# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3　谁在线边上
#
# 排名最怕的不是第一名——第一名大家都知道。最怕的是**线边上**的：多一个图斑就触线，复耕两亩就下来，一个存疑的认定了就翻过去。
# 这一页问四个问题：谁在线边上？离线还有多少？存疑会不会改变结论？如果……会怎样？

# %%
import pandas as pd

import pipeline

inspection = pipeline.run(pipeline.demo_county(), until="rank")
inspection.map()

# %% [markdown]
# ## 线两边最近的几个
#
# - **还需复耕**：触线的，再拆除复耕多少亩才降到线下；
# - **余量**：没有触线的，再违法占用多少亩耕地就到线；
# - **存疑全合法 / 全违法**：存疑的统统认定一边，占耕比会到哪里；
# - **存疑能翻**：这两头里有一头在线的另一边。

# %%
pipeline.show(inspection.near_line(5))

# %% [markdown]
# 注意那几个写到四位小数的。`8.0040%` 和 `8.0000%` 四舍五入都是“8.00%”，一个触线，一个没有：
# 线是“**超过** 8%”，正好 8% 不算。判断用的是精确的分数，不是显示出来的数字。
#
# ## 把余量画出来
#
# 横条是存疑的区间（下限到上限），点是现在的占耕比，竖线是问责线：

# %%
ranking = inspection.townships.dropna(subset="ratio_net").head(12)[::-1]
names, line = ranking["township_name"], float(inspection.heading.township.ratio)
with pipeline.chinese_style():  # 没有中文字体的电脑也能写汉字
    axes = ranking.plot.scatter(
        x="ratio_net", y="township_name", figsize=(9, 4.2), color="#1f2328"
    )
    axes.hlines(
        names, ranking["ratio_low"], ranking["ratio_high"], color="#f0b63f", lw=6, zorder=0
    )
    axes.axvline(line, color="#8a3200")
    axes.xaxis.set_major_formatter(lambda ratio, _: f"{ratio:.0%}")
    axes.set(xlabel="", ylabel="", title="占耕比与存疑的区间（疑似）")
    axes.spines[["top", "right", "left"]].set_visible(False)

# %% [markdown]
# 横条跨过竖线的，**先去核实存疑**，再谈复耕：核实只要跑一趟，复耕要花真金白银。
#
# ## 一个乡镇里，哪些图斑要紧
#
# 以霁桥镇为例（8.0040%，只多一丝）：

# %%
inspection.map(township="霁桥镇")

# %%
changes = inspection.labelled("changes")
code = inspection.townships.set_index("township_name").loc["霁桥镇", "township_code"]
here = changes[changes["乡镇代码"] == code].sort_values("违法占用耕地（亩）", ascending=False)
columns = ["图斑编号", "认定结论", "图斑面积（亩）", "违法占用耕地（亩）", "存疑（亩）", "理由"]
pipeline.show(here[columns], rows=8)

# %% [markdown]
# ## 如果……
#
# **再复耕 1 亩**（验收在截止日以前）：

# %%
pipeline.show(inspection.what_if("霁桥镇", reclaimed_mu=1))

# %% [markdown]
# **存疑的 4.92 亩里有 2 亩查实违法**：

# %%
pipeline.show(inspection.what_if("霁桥镇", illegal_mu=2))

# %% [markdown]
# **4.92 亩全部补齐证据、认定合法**——分母变大，占耕比反而下来：

# %%
pipeline.show(inspection.what_if("霁桥镇", legal_mu=4.92))

# %% [markdown]
# 这就是为什么“先核实、后复耕”。
#
# ## 线移一移，换个口径，会怎样
#
# 结论有多稳？把线移到 6%、7%、9%、10%，数一数触线的乡镇；再看整改前、只减分子的口径：

# %%
ratios = ["ratio_gross", "ratio_numerator", "ratio_net"]
labels = inspection.describe("townships").set_index("列名")["中文名"]
lines = (0.06, 0.07, 0.08, 0.09, 0.10)
over = {f"超过 {line:.0%}": (inspection.townships[ratios] > line).sum() for line in lines}
pipeline.show(pd.DataFrame(over).rename(index=labels))

# %% [markdown]
# （这里为了数个大概，用了显示用的小数；**正好在线上**的，以排名里的“触线”一栏为准。）
#
# 下一页：[4　两次检查差在哪](4_compare_two_inspections.ipynb)
